//! One order from its first word to nothing left of it.

use crate::container::{image, name};
use crate::engine::{Ended, Engine, EngineError, container};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use semla_sandbox::engine::{Ask, Order, Word};
use semla_sandbox::wire::{self, WireError};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

/// Bytes of an image that are passed on at once.
const PIECE: usize = 1 << 18;

/// Runs what the keeper at the other end of this socket orders. Where the keeper is gone, so is the container.
pub async fn serve(engine: &Engine, socket: OwnedFd) -> Result<(), WireError> {
    let socket = Arc::new(socket);
    let mut asked = listen(Arc::clone(&socket));
    let Some((Ask::Run(order), Some(pipe))) = asked.recv().await else { return Ok(()) };
    let word = match run(engine, &order, pipe, &mut asked, &socket).await {
        Ok(Ended { status, out_of_memory }) => Word::Ended { status, out_of_memory },
        Err(EngineError { step, why }) => Word::Failed { step: step.to_owned(), why },
    };
    // Nothing of it may be left when the keeper hears of its end.
    let word = match engine.remove(&name(&order)).await {
        Ok(()) => word,
        Err(EngineError { step, why }) => Word::Failed { step: step.to_owned(), why },
    };
    wire::send(&*socket, &word, None)
}

/// Removes the containers of these names, whatever became of their keepers.
pub async fn clear(engine: &Engine, names: &[String]) -> Result<(), EngineError> {
    for name in names {
        engine.remove(name).await?;
    }
    Ok(())
}

/// What the keeper says, until it is gone.
fn listen(socket: Arc<OwnedFd>) -> mpsc::Receiver<(Ask, Option<OwnedFd>)> {
    let (tell, asked) = mpsc::channel(1);
    std::thread::spawn(move || {
        while let Ok(ask) = wire::receive(&*socket) {
            if tell.blocking_send(ask).is_err() {
                return;
            }
        }
    });
    asked
}

async fn run(
    engine: &Engine,
    order: &Order,
    pipe: OwnedFd,
    asked: &mut mpsc::Receiver<(Ask, Option<OwnedFd>)>,
    socket: &OwnedFd,
) -> Result<Ended, EngineError> {
    let gone = |_| EngineError { step: "speak with the keeper", why: "it is gone".into() };
    let mut order = order.clone();
    if let Some(first) = engine.suits(&order).await? {
        wire::send(socket, &Word::Remapped(first), None).map_err(gone)?;
        let Some((Ask::As(user), _)) = asked.recv().await else { return Err(gone(WireError::Closed)) };
        order.user = user;
    }
    let order = &order;
    if !engine.has(&image(order)).await? {
        wire::send(socket, &Word::Lacks, None).map_err(gone)?;
        let Some((Ask::Image, Some(archive))) = asked.recv().await else { return Err(gone(WireError::Closed)) };
        // Under a name that nothing runs by, until the keeper says that it is whole.
        let new = format!("{}-{}", image(order), order.fence);
        engine.import(&new, pieces(archive)).await?;
        wire::send(socket, &Word::Took, None).map_err(gone)?;
        let whole = matches!(asked.recv().await, Some((Ask::Whole, _)));
        engine.keep(&new, whole.then_some(&image(order))).await?;
        if !whole {
            return Err(gone(WireError::Closed));
        }
    }
    let name = name(order);
    engine.create(&name, container(order)?).await?;
    let said = engine.attach(&name).await?;
    engine.start(&name).await?;
    wire::send(socket, &Word::Started, None).map_err(gone)?;
    let said = pass_on(said, pipe);
    let ended = engine.ended(&name);
    tokio::pin!(said, ended);
    // Two things go on until both are through: it runs, and what it says is passed on. A keeper that asks for anything now wants it dead.
    let (mut end, mut through, mut killed) = (None, false, false);
    while end.is_none() || !through {
        tokio::select! {
            result = &mut ended, if end.is_none() => end = Some(result?),
            () = &mut said, if !through => through = true,
            _ = asked.recv(), if !killed => {
                killed = true;
                engine.kill(&name).await;
            }
        }
    }
    end.ok_or_else(|| EngineError { step: "wait for the container", why: "it has no end".into() })
}

/// Copies what a container says until it says nothing more, or nobody listens.
async fn pass_on(said: impl Stream<Item = Result<Bytes, bollard::errors::Error>>, pipe: OwnedFd) {
    let mut pipe = File::from_std(pipe.into());
    tokio::pin!(said);
    while let Some(Ok(piece)) = said.next().await {
        if pipe.write_all(&piece).await.is_err() {
            return;
        }
    }
    // A pipe that nobody reads any more has nothing to lose.
    drop(pipe.flush().await);
}

/// A pipe in pieces.
fn pieces(archive: OwnedFd) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    stream::unfold(File::from_std(archive.into()), |mut file| async {
        let mut piece = BytesMut::with_capacity(PIECE);
        match file.read_buf(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(piece.freeze()), file)),
            Err(error) => Some((Err(error), file)),
        }
    })
}
