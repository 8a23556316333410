//! The people, the data, the image and the permits.

use crate::told::Told;
use crate::{Site, site::CACHE};
use std::path::PathBuf;

/// A site where everything is ready for the first job.
pub struct Cast {
    /// The site.
    pub site: Site,
    /// The folder of the job.
    pub job: String,
    /// The columns and rows of the data, for the demo's own eyes.
    pub rows: Vec<String>,
}

/// The permit of the demo.
pub const PERMIT: &str = "HDAB-LU-2026-017";
/// A permit of somebody else.
pub const OTHER: &str = "HDAB-LU-2026-044";

const MEANS: [&str; 10] = [
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
];

/// What may leave a site that releases models as pickles.
pub const TYPES: &str = "[profile.standard]\ntypes = [\"csv\", \"json\", \"txt\", \"png\", \"joblib\"]\n";

impl Cast {
    /// Founds a site and brings everybody in.
    pub fn assemble(told: &mut Told) -> Self {
        Self::assemble_at(Site::new("demo"), told)
    }

    /// The same at a place that is there.
    pub fn assemble_at(site: Site, told: &mut Told) -> Self {
        // The preset lists no pickles; this site does.
        Self::assemble_on(site, &format!("preset = \"ehds\"\n{TYPES}"), told)
    }

    /// The same under a policy of its own.
    pub fn assemble_on(mut site: Site, policy: &str, told: &mut Told) -> Self {
        told.chapter("A new site: two officers, two stewards, two checkers, two data scientists");
        let codes = site.found_on(policy);
        for officer in ["officer-1", "officer-2"] {
            site.enrol(officer, codes["codes"][officer].as_str().expect("the officer's code"));
        }
        for who in ["steward-1", "steward-2"] {
            site.person(who, "\"steward\"", "confidential/health", "public");
        }
        for who in ["checker-1", "checker-2"] {
            site.person(who, "\"checker\"", "confidential/health", "public");
        }
        for who in ["scientist-1", "scientist-2"] {
            site.person(who, "\"scientist\"", "internal", "confidential/health");
        }
        told.sees("each account was proposed by one officer and approved by the other", true, "");

        told.chapter("The image: Debian's scikit-learn, named by its digest");
        let recipe = concat!(env!("CARGO_MANIFEST_DIR"), "/../images/sklearn.toml");
        told.works(
            "an operator builds and imports it",
            site.semla("officer-1", &["image", "build", recipe, "--cache", CACHE]),
        );
        let shown = told.works("it says its exact versions", site.semla("scientist-1", &["image", "show", "sklearn"]));
        let versions = shown.out.lines().filter(|line| line.contains("sklearn") || line.contains("pandas"));
        told.shows(&versions.take(4).collect::<Vec<_>>().join("\n"));

        told.chapter("The data: 569 patients of the Wisconsin breast cancer study, at confidential/health");
        let rows = rows(&site);
        let data = site.write("wdbc.csv", &(rows.join("\n") + "\n"));
        let draft = ["data", "draft", &data, "--id", "patient_id", "--unit", "patient"];
        let draft = told.works("a steward drafts its card, to read and mend", site.semla("steward-1", &draft));
        let card =
            site.write("wdbc.card.toml", &draft.out.replace("\"wdbc\"", "\"Wisconsin breast cancer (diagnostic)\""));
        let add = [
            "data",
            "add",
            "wdbc@1",
            &data,
            "--label",
            "confidential/health",
            "--card-label",
            "internal",
            "--card",
            &card,
        ];
        told.works("one steward registers it", site.semla("steward-1", &add));
        told.works("another one approves", site.semla("steward-2", &["data", "approve", "wdbc@1"]));
        for (name, who) in [(PERMIT, "scientist-1"), (OTHER, "scientist-2")] {
            let text = format!(
                "purpose  = \"predict malignancy\"\npeople   = [\"{who}\"]\ndatasets = [\"wdbc@1\"]\nup_to    = \"confidential/health\"\nuntil    = 2027-06-30\n"
            );
            let file = site.write(&format!("permits/{name}.toml"), &text);
            told.works(
                &format!("the data's steward proposes permit {name} for {who}"),
                site.semla("steward-1", &["permit", "add", &file]),
            );
            told.works("an officer approves it", site.semla("officer-2", &["permit", "approve", name]));
        }
        let job = site.desk().join("job");
        std::fs::create_dir_all(&job).expect("a folder");
        for file in ["job.toml", "train.py"] {
            let from = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("demo/job").join(file);
            std::fs::copy(from, job.join(file)).expect("the job");
        }
        Self { site, job: job.to_str().expect("a plain path").to_owned(), rows }
    }

    /// What the job's code trains, on how many.
    pub fn trained(&self) -> String {
        format!("a forest on {} patients", self.rows.len() - 1)
    }

    /// A one-off job of a scientist, on dummies, that runs a line of Python; what it printed.
    pub fn rehearse(&self, name: &str, python: &str) -> String {
        let file = self.line(name, PERMIT, python, "");
        let ran = self.site.semla("scientist-1", &["-o", "json", "job", "submit", &file, "--dummy", "--wait"]);
        let id = ran.json()["id"].as_str().expect("an id").to_owned();
        self.site.semla("scientist-1", &["job", "logs", &id]).ok().out
    }

    /// The file of a one-off job.
    pub fn line(&self, name: &str, permit: &str, python: &str, more: &str) -> String {
        self.site.write(&format!("{name}/main.py"), python);
        self.site.write(
            &format!("{name}/job.toml"),
            &format!("permit = \"{permit}\"\nimage = \"sklearn\"\nrun = [\"python3\", \"main.py\"]\ndata = {{ train = \"wdbc@1\" }}\n{more}"),
        )
    }
}

/// The data with a header, a patient's number and the diagnosis as a code, as a study would keep it.
fn rows(site: &Site) -> Vec<String> {
    let images = std::fs::read_dir(CACHE).expect("the images");
    let place = "root/usr/lib/python3/dist-packages/sklearn/datasets/data/breast_cancer.csv";
    let file = images.filter_map(Result::ok).map(|image| image.path().join(place)).find(|path| path.is_file());
    let text = std::fs::read_to_string(file.expect("the data that scikit-learn ships")).expect("the data");
    let names =
        ["mean", "error", "worst"].iter().flat_map(|kind| MEANS.iter().map(move |name| format!("{kind}_{name}")));
    let mut rows = vec![format!("patient_id,diagnosis,{}", names.collect::<Vec<_>>().join(","))];
    for (number, line) in text.lines().skip(1).enumerate() {
        let (features, target) = line.rsplit_once(',').expect("a target");
        rows.push(format!("{},{},{features}", 84_000 + number * 7, if target == "0" { "M" } else { "B" }));
    }
    assert_eq!(rows.len(), 570, "{}", site.log());
    rows
}
