//! The one thread that decides: it owns the registry, the database, the ledger and the way to the launcher, so that every
//! decision sees the one before it and nothing has to be locked.

use crate::fault::{Fault, machine};
use crate::queue::{Gone, Task, Way, queues};
use crate::site::{Site, Study, Thought};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, oneshot};

/// How often what should run is compared with what does.
const TICK: Duration = Duration::from_millis(100);
/// How much of what takes long is done at a time: it leaves the machine to the clerk and the jobs.
const ASIDE: usize = 1;

/// The way to the clerk.
#[derive(Clone)]
pub(crate) struct Clerk {
    way: Way<Site>,
    aside: Arc<Semaphore>,
}

/// Without its clerk the daemon could only look alive: it ends, and the launcher starts another one.
struct Last;

impl Drop for Last {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}

impl Clerk {
    /// Starts the thread.
    pub(crate) fn start(mut site: Site) -> Result<Self, std::io::Error> {
        let (way, mut waiting) = queues();
        std::thread::Builder::new().name("clerk".into()).spawn(move || {
            let _last = Last;
            let mut round = Instant::now();
            while let Ok(task) = waiting.next(round) {
                task.into_iter().for_each(|task| task(&mut site));
                if Instant::now() >= round {
                    site.reconcile();
                    round = Instant::now() + TICK;
                }
            }
        })?;
        Ok(Self { way, aside: Arc::new(Semaphore::new(ASIDE)) })
    }

    /// Has the clerk do something, and waits for what came of it.
    pub(crate) async fn ask<R: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Site) -> R + Send + 'static,
    ) -> Result<R, Gone> {
        let (task, answered) = answering(task);
        self.way.put(task).await?;
        answered.await.map_err(|_| Gone)
    }

    /// As [`Self::ask`], before all that was asked for and may wait: who somebody is, and whatever stops something.
    pub(crate) async fn ask_first<R: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Site) -> R + Send + 'static,
    ) -> Result<R, Gone> {
        let (task, answered) = answering(task);
        self.way.put_first(task).await?;
        answered.await.map_err(|_| Gone)
    }

    /// Does what takes long while the clerk goes on.
    pub(crate) async fn aside<R: Send + 'static>(
        &self,
        task: impl FnOnce() -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let _turn = self.aside.acquire().await.map_err(|_| Gone)?;
        tokio::task::spawn_blocking(task).await.map_err(machine("do what takes long"))?
    }

    /// Answers what takes thought, and nothing but what the clerk knew when it was asked.
    pub(crate) async fn ponder<R: Send + 'static>(
        &self,
        begin: impl FnOnce(&mut Site) -> Result<Thought<R>, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let thought = self.ask(begin).await??;
        self.aside(move || Ok(thought())).await
    }

    /// Finds something in the ledger.
    pub(crate) async fn study<R: Send + 'static>(
        &self,
        begin: impl FnOnce(&mut Site) -> Result<Study<R>, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let study = self.ask(begin).await??;
        let found = self.aside(|| study.find()).await?;
        self.ask(|site| site.show(found)).await?
    }
}

/// A task that answers.
fn answering<R: Send + 'static>(
    task: impl FnOnce(&mut Site) -> R + Send + 'static,
) -> (Task<Site>, oneshot::Receiver<R>) {
    let (answer, answered) = oneshot::channel();
    let task = move |site: &mut Site| {
        // Nobody waits any more where the client went away.
        let _ = answer.send(task(site));
    };
    (Box::new(task), answered)
}
