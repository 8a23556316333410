//! The engine: each thing that is asked of it, one call each, and what it answers in a word.

use crate::compare::differences;
use crate::container;
use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::models::{ContainerCreateBody, SystemInfo};
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, CreateImageOptionsBuilder,
    RemoveContainerOptionsBuilder, RemoveImageOptions, TagImageOptionsBuilder,
};
use bollard::{ClientVersion, Docker, body_try_stream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use semla_sandbox::engine::Order;
use std::path::Path;

/// The oldest interface that has every field that is asked for (Docker 20.10).
const VERSION: ClientVersion = ClientVersion { major_version: 1, minor_version: 41 };

/// Seconds until an engine that doesn't answer is given up: an image takes its time.
const PATIENCE: u64 = 600;

/// What went wrong, by its step.
#[derive(Debug, thiserror::Error)]
#[error("failed to {step}: {why}")]
pub struct EngineError {
    /// What was tried.
    pub step: &'static str,
    /// What the engine said, or what differs.
    pub why: String,
}

fn failed<E: std::fmt::Display>(step: &'static str) -> impl Fn(E) -> EngineError {
    move |error| EngineError { step, why: error.to_string() }
}

/// An engine.
pub struct Engine(Docker);

/// How a container ended.
pub struct Ended {
    /// The exit status of its first process.
    pub status: i64,
    /// Whether it reached its memory limit.
    pub out_of_memory: bool,
}

impl Engine {
    /// The engine that listens there.
    pub fn at(socket: &Path) -> Result<Self, EngineError> {
        let path = socket.to_string_lossy();
        Docker::connect_with_unix(&path, PATIENCE, &VERSION).map(Self).map_err(failed("reach the engine"))
    }

    /// Whether it has an image of this name.
    pub async fn has(&self, image: &str) -> Result<bool, EngineError> {
        match self.0.inspect_image(image).await {
            Ok(_) => Ok(true),
            Err(Error::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
            Err(error) => Err(failed("look for the image")(error)),
        }
    }

    /// Takes an image in from its tar archive. Nothing is ever pulled.
    pub async fn import(
        &self,
        image: &str,
        archive: impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static,
    ) -> Result<(), EngineError> {
        let (repo, tag) = image.split_once(':').unwrap_or((image, ""));
        let options = CreateImageOptionsBuilder::default().from_src("-").repo(repo).tag(tag).build();
        let mut said = Box::pin(self.0.create_image(Some(options), Some(body_try_stream(archive)), None));
        while let Some(word) = said.next().await {
            word.map_err(failed("take the image in"))?;
        }
        Ok(())
    }

    /// Gives an image that was taken in the name by which it is run, if it gets one, and takes the name away that it had.
    pub async fn keep(&self, new: &str, name: Option<&String>) -> Result<(), EngineError> {
        if let Some((repo, tag)) = name.and_then(|name| name.split_once(':')) {
            let options = TagImageOptionsBuilder::default().repo(repo).tag(tag).build();
            self.0.tag_image(new, Some(options)).await.map_err(failed("name the image"))?;
        }
        self.0.remove_image(new, None::<RemoveImageOptions>, None).await.map(drop).map_err(failed("name the image"))
    }

    /// Makes the container, and insists that it is what was asked for; one that isn't is gone again.
    pub async fn create(&self, name: &str, body: ContainerCreateBody) -> Result<(), EngineError> {
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        self.0.create_container(Some(options), body.clone()).await.map_err(failed("make the container"))?;
        let made = self.0.inspect_container(name, None).await.map_err(failed("look at the container"))?;
        let differ = differences(&body, &made).map_err(failed("look at the container"))?;
        match differ.is_empty() {
            true => Ok(()),
            false => Err(EngineError {
                step: "have a container as it was asked for",
                why: format!("the engine made it with other values of `{}`", differ.join("`, `")),
            }),
        }
    }

    /// Whatever the container is going to say.
    pub async fn attach(&self, name: &str) -> Result<impl Stream<Item = Result<Bytes, Error>> + Send, EngineError> {
        let options = AttachContainerOptionsBuilder::default().stdout(true).stderr(true).stream(true).build();
        let attached = self.0.attach_container(name, Some(options)).await.map_err(failed("listen to the container"))?;
        Ok(attached.output.map(|said| said.map(LogOutput::into_bytes)))
    }

    /// Starts the container.
    pub async fn start(&self, name: &str) -> Result<(), EngineError> {
        self.0.start_container(name, None).await.map_err(failed("start the container"))
    }

    /// Waits for its end.
    pub async fn ended(&self, name: &str) -> Result<Ended, EngineError> {
        let waited = Box::pin(self.0.wait_container(name, None)).next().await;
        match waited {
            // An exit status other than 0 comes as an error.
            Some(Ok(_) | Err(Error::DockerContainerWaitError { .. })) => {}
            Some(Err(error)) => return Err(failed("wait for the container")(error)),
            None => return Err(failed("wait for the container")("the engine said nothing")),
        }
        let made = self.0.inspect_container(name, None).await.map_err(failed("look at the container's end"))?;
        let state = made.state.unwrap_or_default();
        let status = state.exit_code.ok_or_else(|| failed("look at the container's end")("it has no exit status"))?;
        Ok(Ended { status, out_of_memory: state.oom_killed.unwrap_or(false) })
    }

    /// Kills all of it. One that ended by itself is what was wanted.
    pub async fn kill(&self, name: &str) {
        drop(self.0.kill_container(name, None).await);
    }

    /// Kills and removes the container, where there is one.
    pub async fn remove(&self, name: &str) -> Result<(), EngineError> {
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        match self.0.remove_container(name, Some(options)).await {
            Ok(()) | Err(Error::DockerResponseServerError { status_code: 404, .. }) => Ok(()),
            Err(error) => Err(failed("remove the container")(error)),
        }
    }

    /// Whether this runtime holds containers to their limits: one that is told to leave cgroups alone can't. Where the engine has them in a
    /// user namespace of its own, the host's id of the first one in it.
    pub async fn suits(&self, order: &Order) -> Result<Option<u32>, EngineError> {
        let step = "find the runtime";
        let told = self.0.info().await.map_err(failed("ask the engine for its runtimes"))?;
        let remapped = remapped(&told)?;
        let runtimes = told.runtimes.unwrap_or_default();
        let name = &order.runtime.name;
        let runtime = runtimes.get(name).ok_or_else(|| failed(step)(format!("the engine has no runtime `{name}`")))?;
        let arguments = runtime.runtime_args.iter().flatten();
        let mut blind = arguments.filter(|argument| argument.trim_start_matches('-').starts_with("ignore-cgroups"));
        match order.runtime.limited && blind.next().is_some() {
            false => Ok(remapped),
            true => Err(failed(step)(format!("`{name}` runs without cgroups, and so without limits"))),
        }
    }
}

/// An engine that remaps users keeps what it has in a folder that is named after the first ids (dockerd(8), `--userns-remap`).
fn remapped(told: &SystemInfo) -> Result<Option<u32>, EngineError> {
    let options = told.security_options.iter().flatten();
    if !options.into_iter().any(|option| option.split(',').any(|word| word == "name=userns")) {
        return Ok(None);
    }
    let folder = told.docker_root_dir.as_deref().and_then(|folder| Path::new(folder).file_name()?.to_str());
    let ids = folder.and_then(|name| name.split_once('.'));
    match ids.and_then(|(user, group)| Some((user.parse::<u32>().ok()?, group.parse::<u32>().ok()?))) {
        Some((user, group)) if user == group => Ok(Some(user)),
        _ => {
            Err(failed("find the engine's users")("it remaps them, and doesn't say to which, or its groups to others"))
        }
    }
}

/// An order's container in the engine's words.
pub(crate) fn container(order: &Order) -> Result<ContainerCreateBody, EngineError> {
    let profile = semla_sandbox::engine::profile().map_err(failed("say what the job may ask of the kernel"))?;
    Ok(container::body(order, &profile.to_string()))
}
