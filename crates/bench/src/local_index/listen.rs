//! Taking connections, each on a thread of its own: a slow caller holds up nobody else.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::serve::Service;

/// How many connections are served at once. uv opens about fifty; who comes later waits.
const MOST_CONNECTIONS: usize = 256;

/// How long connections may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// The thread that takes connections.
pub(super) struct Listener {
    address: SocketAddr,
    open: Arc<Open>,
    thread: Option<JoinHandle<()>>,
}

/// Connections that are open.
#[derive(Default)]
struct Open {
    streams: Mutex<HashMap<u64, TcpStream>>,
    changed: Condvar,
    stops: AtomicBool,
}

impl Listener {
    pub(super) fn start(socket: TcpListener, service: Arc<Service>) -> io::Result<Self> {
        let address = socket.local_addr()?;
        let open = Arc::new(Open::default());
        let shared = Arc::clone(&open);
        let accept = move || accept(&socket, &service, &shared);
        let thread = thread::Builder::new().name("local-index".to_owned()).spawn(accept)?;
        Ok(Self { address, open, thread: Some(thread) })
    }

    /// Ends everything, and waits for it.
    pub(super) fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.open.stops.store(true, Ordering::Release);
        // The thread may wait for a connection or for a place: give it both.
        self.open.changed.notify_all();
        let woken = TcpStream::connect_timeout(&self.address, FAREWELL).is_ok();
        if woken {
            let _ = thread.join();
        }
        let mut streams = self.open.streams();
        for stream in streams.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        let deadline = Instant::now() + FAREWELL;
        while !streams.is_empty() && Instant::now() < deadline {
            streams = self.open.wait(streams);
        }
    }
}

impl Open {
    fn streams(&self) -> MutexGuard<'_, HashMap<u64, TcpStream>> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        streams: MutexGuard<'a, HashMap<u64, TcpStream>>,
    ) -> MutexGuard<'a, HashMap<u64, TcpStream>> {
        let limit = Duration::from_millis(100);
        self.changed.wait_timeout(streams, limit).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Waits for a place; false when it is over.
    fn wait_for_place(&self) -> bool {
        let mut streams = self.streams();
        while streams.len() >= MOST_CONNECTIONS && !self.stops.load(Ordering::Acquire) {
            streams = self.wait(streams);
        }
        !self.stops.load(Ordering::Acquire)
    }

    fn close(&self, number: u64) {
        self.streams().remove(&number);
        self.changed.notify_all();
    }
}

fn accept(socket: &TcpListener, service: &Arc<Service>, open: &Arc<Open>) {
    for number in 0_u64.. {
        if !open.wait_for_place() {
            return;
        }
        let Ok((stream, _)) = socket.accept() else {
            // Out of descriptors, most likely: some come back when callers go.
            thread::sleep(Duration::from_millis(10));
            continue;
        };
        if open.stops.load(Ordering::Acquire) {
            return;
        }
        let Ok(handle) = stream.try_clone() else { continue };
        open.streams().insert(number, handle);
        let (service, shared) = (Arc::clone(service), Arc::clone(open));
        let serve = move || {
            service.serve(stream);
            shared.close(number);
        };
        if thread::Builder::new().name("local-index-caller".to_owned()).spawn(serve).is_err() {
            open.close(number);
        }
    }
}
