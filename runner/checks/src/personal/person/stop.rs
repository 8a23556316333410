//! Words that begin with a capital and are no names: of statistics, of medicine, of forms, in the languages of our users.

use crate::personal::words::{List, list};

/// Folded.
pub(super) static WORDS: List = List::new(|| {
    list(
        "abbildung about accuracy acid activation adam adaptive adenocarcinoma age all analysis and anfang \
         angestellte annual anonymous any area arithmetic arm array arzt association attention auc auto average \
         bagging baseline batch bayes bayesian begin best beta bias binary biopsy blood boost boosting bootstrap \
         breast buchhaltung build cancer carcinoma care cargo case cases cell center central centre chapter char \
         check chest chi class classes classification classifier clinic clinical clinique cluster clustering code \
         coefficient cohort coli colonne column columns comparison complete component computed condition confidence \
         configure confusion control controls convolution convolutional correlation count country counts cox create \
         cross data dataset date daten death debian decision deep default degree demographic density depth \
         description diabetes diagnose diagnosis diagnostic directeur director directrice direktor direktorin disease \
         disorder distance distribution docker document donnees dose double dr dropout drug early east ebenso effect \
         elastic element embedding empty encoder end ende ensemble entropy entry epoch error est estimate estimator \
         evaluation event example excel experiment extra factor false fast feature features female feminin femme \
         field figure file final first fit float fold forest foret format four fraction frau full function gaussian \
         gegevens gender general generalized geschlecht get github gitlab given global glucose gradient graph group \
         groupe groupes groups gruppe gruppen haus hazard head health healthy heart herr high histogram homme \
         hospital hospitalier hyper id image images impact import importance in inconnu inconnue index info \
         information initial input install instance institut institute int interval isolation item java job kapitel \
         kaplan kernel key kidney kind klasse klassen klinik klinikum kmeans kolom krankenhaus label labels large \
         lasso last layer leaf learning left length level levels linear lint linux list liver local log logistic long \
         loss low lung lymphoma machine madame main male man mann mannlich map marker masculin mass matrix max \
         maximum mean measure median men meta method metric metrics mid middle min minimum minister ministre miss \
         missing mitte mixed mixture mlp mode model modele modell models monsieur month mr mrs ms multi multiple \
         naive name names national naval nearest neighbor neighbors neighbour neighbours net network networks neural \
         new nom none nord normal north not note null number numeric object observation of offset old on onbekend one \
         oost op optimizer option order ordinary ost other ouest out outcome output overall pac pacman parameter \
         parameters partial patient patienta patienten patientin patients pd percent percentage performance person \
         phase pipeline placebo plot poisson polynomial pool population positive precision predicted prediction \
         predictions predictor preis president pressure primary probability procedure process professor profile \
         project proportion protein publish pulse python quadratic quantile quarter query question radial random \
         range rank rate ratio recall receiver record records recurrent red reference region registry regression \
         regressor regularized relative report research residual residuals resnet result results ridge right risk \
         robust room row rows rule run same sample samples scale scan score second section select selection \
         sensitivity sepal series session set sets setup sex shape short show sie sigma significance similarity \
         simple single site size skin small smoker smoking some source south space spalte sparse specificity spital \
         split square squared stadt stage standard state statistic statistics status step stochastic str string \
         stroke study subject subjects sud sum summary support survival svm symptom syndrome system tabelle table \
         tableau target task temperature tensor test tests text the third this threshold throughput time title tool \
         top total train training transform transformer treatment tree trees trial true tuberculosis tumor tumour two \
         type ubuntu unbekannt und unit universitat universite universiteit university unknown update upper us use \
         user valeur valid validation value values varchar variable variables variance vector version view vision \
         visit volume vrouw waarde was week weiblich weight weights wert west windows wir with within without women \
         word words world worst xgboost year years yes zentrum zero ziekenhuis zone zuid",
    )
});
