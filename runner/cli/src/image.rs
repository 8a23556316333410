//! Images: built by the person's own command line, unpacked by the launcher, named by their digest.

mod interrupted;
mod shown;

use crate::args::{Image as Command, Place};
use crate::client::Client;
use crate::fail::{Fail, trying};
use crate::intake;
use crate::keys;
use crate::output::{Printer, plain};
use crate::proposal::propose;
use crate::reading::Reader;
use nix::unistd::AccessFlags;
use semla_daemon::api::{ImageView, Me};
use semla_images::build::Builder;
use semla_images::recipe::Recipe;
use semla_images::versions::Versions;
use semla_policy::{Image, Record, Role, Signed};
use semla_sandbox::protocol::{Archive, Offer};
use shown::Shown;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Where built archives are kept if nobody says: with the machine's, or with one's own.
fn cache() -> Result<PathBuf, Fail> {
    let shared = Path::new("/var/cache/semla/images");
    if std::fs::create_dir_all(shared).is_ok() && nix::unistd::access(shared, AccessFlags::W_OK).is_ok() {
        return Ok(shared.to_owned());
    }
    let home = std::env::var_os("HOME").ok_or_else(|| Fail::usage("there is no HOME; say `--cache FOLDER`"))?;
    Ok(Path::new(&home).join(".cache/semla/images"))
}

pub(crate) fn run(place: &Place, command: &Command, printer: &Printer) -> Result<ExitCode, Fail> {
    match command {
        Command::Build { recipe, cache } => {
            let recipe = Recipe::load(recipe).map_err(|error| Fail::usage(error.to_string()))?;
            // A build takes minutes: who may not import it is told so before.
            operator(place, &Client::new(place)?)?;
            let tar = build(&recipe, &cache.clone().map_or_else(self::cache, Ok)?)?;
            import(place, &tar, &recipe.name, None, printer)?;
        }
        Command::Import { file, name, label } => {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            import(place, file, name.as_ref().unwrap_or(&stem), label.as_deref(), printer)?;
        }
        Command::Ls => {
            let images: Vec<ImageView> = Client::new(place)?.get("/images")?;
            printer.table(&images, ["IMAGE", "LABEL", "DIGEST"], |image| {
                [image.name.clone(), image.label.clone(), image.digest.clone()]
            })?;
        }
        Command::Show { name } => {
            let client = Client::new(place)?;
            let image = named(&client, name)?;
            let list = Reader::new(place, &client, "versions", &image.digest)
                .get(&format!("/images/{}/versions", image.digest))?;
            let versions: Versions = serde_json::from_slice(&list.bytes).map_err(trying("read the list"))?;
            let list = |packages: &[semla_images::versions::Package]| -> Vec<String> {
                packages.iter().map(|package| format!("{} {}", package.name, package.version)).collect()
            };
            let value = serde_json::json!({ "image": image, "debian": list(&versions.debian), "python": list(&versions.python) });
            printer.one(&value, |_| {
                let lines = [
                    format!("# {} {}", image.name, image.digest),
                    "# for a laptop: semla image show NAME > requirements.txt; pip install -r requirements.txt"
                        .to_owned(),
                    versions.requirements(),
                ];
                let debian = list(&versions.debian).into_iter().map(|line| format!("# debian {line}"));
                plain(&lines.into_iter().chain(debian).collect::<Vec<_>>().join("\n"))
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds a recipe's archive, and leaves nothing else behind.
fn build(recipe: &Recipe, cache: &Path) -> Result<PathBuf, Fail> {
    let guard = interrupted::Guard::new()?;
    let mut shown = Shown::new();
    let built = Builder::new(cache).build(recipe, &mut shown);
    shown.close();
    match (guard.over(), built) {
        (true, _) => Err(Fail::new("the build was stopped; nothing was imported")),
        (false, built) => Ok(built.map_err(Fail::chain)?.tar),
    }
}

/// Who is signed in, with a key at hand, if they may import images.
fn operator(place: &Place, client: &Client) -> Result<String, Fail> {
    let me: Me = client.get("/me")?;
    may_import(&me)?;
    keys::at_hand(place)?;
    Ok(me.name)
}

fn may_import(me: &Me) -> Result<(), Fail> {
    match me.roles.iter().any(|role| role == Role::Operator.name()) {
        true => Ok(()),
        false => Err(Fail::new(format!(
            "only operators import images (rule 10), and `{}` isn't one; ask one of them to",
            me.name
        ))),
    }
}

/// The image of this name or digest.
pub(crate) fn named(client: &Client, name: &str) -> Result<ImageView, Fail> {
    let images: Vec<ImageView> = client.get("/images")?;
    let found = images.into_iter().find(|image| image.name == name || image.digest == name);
    found.ok_or_else(|| Fail::new(format!("there is no image `{name}`; see `semla image ls`")))
}

/// The launcher unpacks the archive in a sandbox and says its tree's digest; that is what the operator then signs.
fn import(place: &Place, file: &Path, name: &str, label: Option<&str>, printer: &Printer) -> Result<(), Fail> {
    let client = Client::new(place)?;
    let me = operator(place, &client)?;
    let archive = intake::open(file)?;
    let mut signed = Signed::unsigned(&Archive { archive: archive.digest }).map_err(Fail::chain)?;
    keys::sign::<Archive>(place, &me, &mut signed)?;
    let digest = intake::offer(place, &Offer::Archive(signed), &archive)
        .map_err(|fail| Fail::new(format!("`{}` can't be imported: {}", file.display(), fail.text())))?;
    let label = match label {
        Some(label) => label.to_owned(),
        None => lowest(&client)?,
    };
    propose(place, &client, Record::Image(Image { name: name.to_owned(), digest, label }), printer)
}

fn lowest(client: &Client) -> Result<String, Fail> {
    let answer: serde_json::Value = client.get("/policy")?;
    let level = answer.pointer("/policy/scheme/levels/0").and_then(serde_json::Value::as_str);
    level.map(str::to_owned).ok_or_else(|| Fail::new("the policy has no level"))
}

#[cfg(test)]
mod tests {
    use super::{Me, may_import};

    #[test]
    fn only_operators_import() {
        let me = |roles: &[&str]| Me {
            name: "anna".into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            clearance: "public".into(),
            ceiling: "public".into(),
            permits: Vec::new(),
        };
        assert!(may_import(&me(&["officer", "operator"])).is_ok());
        let refused = may_import(&me(&["scientist", "officer"])).unwrap_err().text;
        assert!(refused.contains("only operators import images") && refused.contains("`anna`"), "{refused}");
    }
}
