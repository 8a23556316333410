//! What waits for the one who decides: two queues, of which one goes first.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::time::Instant;

/// Something to do with `S`.
pub(crate) type Task<S> = Box<dyn FnOnce(&mut S) + Send>;

/// How many questions may wait in each; those after them wait with their clients.
const ROOM: usize = 256;

/// Nobody decides any more: the daemon is about to end.
#[derive(Debug, thiserror::Error)]
#[error("the daemon is about to end")]
pub(crate) struct Gone;

/// The way into the queues.
pub(crate) struct Way<S> {
    tasks: SyncSender<Task<S>>,
    first: SyncSender<Task<S>>,
}

impl<S> Clone for Way<S> {
    fn clone(&self) -> Self {
        Self { tasks: self.tasks.clone(), first: self.first.clone() }
    }
}

/// What waits.
pub(crate) struct Waiting<S> {
    tasks: Receiver<Task<S>>,
    first: Receiver<Task<S>>,
    /// Whose turn it was.
    others: bool,
}

/// Two empty queues.
pub(crate) fn queues<S>() -> (Way<S>, Waiting<S>) {
    let ((tasks, waiting), (first, urgent)) = (sync_channel(ROOM), sync_channel(ROOM));
    (Way { tasks, first }, Waiting { tasks: waiting, first: urgent, others: true })
}

impl<S: 'static> Way<S> {
    /// Puts a task at the end, when there is room for it.
    pub(crate) async fn put(&self, task: Task<S>) -> Result<(), Gone> {
        put(&self.tasks, task).await
    }

    /// Puts a task before all that may wait.
    pub(crate) async fn put_first(&self, task: Task<S>) -> Result<(), Gone> {
        put(&self.first, task).await?;
        // Wakes whoever waits for the others; where their queue is full, nobody does.
        let _ = self.tasks.try_send(Box::new(|_| ()));
        Ok(())
    }
}

async fn put<S: 'static>(queue: &SyncSender<Task<S>>, task: Task<S>) -> Result<(), Gone> {
    match queue.try_send(task) {
        Ok(()) => Ok(()),
        Err(TrySendError::Disconnected(_)) => Err(Gone),
        Err(TrySendError::Full(task)) => {
            let queue = queue.clone();
            tokio::task::spawn_blocking(move || queue.send(task)).await.map_err(|_| Gone)?.map_err(|_| Gone)
        }
    }
}

impl<S> Waiting<S> {
    /// What is to be done next, if something is before this moment. One that goes first is taken before each of the others, so that
    /// neither queue waits until the other one is empty.
    pub(crate) fn next(&mut self, until: Instant) -> Result<Option<Task<S>>, Gone> {
        self.others = !self.others;
        if !self.others
            && let Ok(task) = self.first.try_recv()
        {
            return Ok(Some(task));
        }
        self.others = true;
        match self.tasks.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(task) => Ok(Some(task)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Gone),
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn said(word: &'static str) -> Task<Vec<&'static str>> {
        Box::new(move |all| all.push(word))
    }

    /// All that waits, in the order in which it is done.
    fn all(mut waiting: Waiting<Vec<&'static str>>) -> Vec<&'static str> {
        let mut all = Vec::new();
        while let Ok(Some(task)) = waiting.next(Instant::now()) {
            task(&mut all);
        }
        all
    }

    #[tokio::test]
    async fn what_stops_something_goes_before_all_that_may_wait_and_starves_nobody() {
        let (way, waiting) = queues();
        for _ in 0..ROOM {
            way.put(said("question")).await.expect("room");
        }
        for _ in 0..3 {
            way.put_first(said("halt")).await.expect("room");
        }
        let done = all(waiting);
        assert_eq!(done.get(..6), Some(&["halt", "question", "halt", "question", "halt", "question"][..]));
        assert_eq!(done.iter().filter(|word| **word == "question").count(), ROOM);
    }

    #[tokio::test]
    async fn whoever_waits_for_a_question_is_woken_by_what_goes_first() {
        let (way, mut waiting) = queues::<Vec<&str>>();
        let begun = Instant::now();
        let woken = std::thread::spawn(move || {
            let mut done = Vec::new();
            while done.is_empty() {
                waiting
                    .next(Instant::now() + Duration::from_secs(60))
                    .expect("a way")
                    .into_iter()
                    .for_each(|task| task(&mut done));
            }
            done
        });
        std::thread::sleep(Duration::from_millis(50));
        way.put_first(said("halt")).await.expect("room");
        assert_eq!(woken.join().expect("a thread"), ["halt"]);
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}
