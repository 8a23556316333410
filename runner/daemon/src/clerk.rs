//! The one thread that decides: it owns the registry, the database, the ledger and the way to the launcher, so that every
//! decision sees the one before it and nothing has to be locked.

use crate::fault::{Fault, machine};
use crate::site::{Site, Study, Thought};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, oneshot};

type Task = Box<dyn FnOnce(&mut Site) + Send>;

/// How often what should run is compared with what does.
const TICK: Duration = Duration::from_millis(100);
/// How many questions may wait; those after them wait with their clients.
const QUEUE: usize = 256;

/// How much of what takes long is done at a time: it leaves the machine to the clerk and the jobs.
const ASIDE: usize = 1;

/// The way to the clerk.
#[derive(Clone)]
pub(crate) struct Clerk {
    tasks: SyncSender<Task>,
    /// What may not wait for the others: one of these goes before each of them.
    first: SyncSender<Task>,
    aside: Arc<Semaphore>,
}

/// The clerk is gone: the daemon is about to end.
#[derive(Debug, thiserror::Error)]
#[error("the daemon is about to end")]
pub(crate) struct Gone;

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
        let (sender, tasks) = sync_channel::<Task>(QUEUE);
        let (before, first) = sync_channel::<Task>(QUEUE);
        std::thread::Builder::new().name("clerk".into()).spawn(move || {
            let _last = Last;
            let mut next = Instant::now();
            loop {
                if let Ok(task) = first.try_recv() {
                    task(&mut site);
                }
                match tasks.recv_timeout(next.saturating_duration_since(Instant::now())) {
                    Ok(task) => task(&mut site),
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                if Instant::now() >= next {
                    site.reconcile();
                    next = Instant::now() + TICK;
                }
            }
        })?;
        Ok(Self { tasks: sender, first: before, aside: Arc::new(Semaphore::new(ASIDE)) })
    }

    /// Has the clerk do something, and waits for what came of it.
    pub(crate) async fn ask<R: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Site) -> R + Send + 'static,
    ) -> Result<R, Gone> {
        let (task, answered) = answering(task);
        put(&self.tasks, task).await?;
        answered.await.map_err(|_| Gone)
    }

    /// As [`Self::ask`], before all that was asked for and may wait: who somebody is, and whatever stops something.
    pub(crate) async fn ask_first<R: Send + 'static>(
        &self,
        task: impl FnOnce(&mut Site) -> R + Send + 'static,
    ) -> Result<R, Gone> {
        let (task, answered) = answering(task);
        put(&self.first, task).await?;
        // Wakes the clerk; one whose queue is full doesn't sleep.
        let _ = self.tasks.try_send(Box::new(|_| ()));
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
fn answering<R: Send + 'static>(task: impl FnOnce(&mut Site) -> R + Send + 'static) -> (Task, oneshot::Receiver<R>) {
    let (answer, answered) = oneshot::channel();
    let task = move |site: &mut Site| {
        // Nobody waits any more where the client went away.
        let _ = answer.send(task(site));
    };
    (Box::new(task), answered)
}

/// Puts a task into a queue, when there is room for it.
async fn put(queue: &SyncSender<Task>, task: Task) -> Result<(), Gone> {
    match queue.try_send(task) {
        Ok(()) => Ok(()),
        Err(TrySendError::Disconnected(_)) => Err(Gone),
        Err(TrySendError::Full(task)) => {
            let queue = queue.clone();
            tokio::task::spawn_blocking(move || queue.send(task)).await.map_err(|_| Gone)?.map_err(|_| Gone)
        }
    }
}
