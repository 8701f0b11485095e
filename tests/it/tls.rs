//! TLS for tests: a certificate of `localhost`, a client that trusts it, and a proxy that terminates it.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, Stream,
};

/// Both ends of the same trust.
pub(crate) struct Tls {
    pub(crate) server: ServerConfig,
    client: Arc<ClientConfig>,
}

impl Tls {
    pub(crate) fn new() -> Self {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a key");
        let certificate = made.cert.der().clone();
        let key = made.signing_key.serialize_der().try_into().expect("a key");
        let server = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .expect("a key for its certificate");
        let mut roots = RootCertStore::empty();
        roots.add(certificate).expect("a certificate");
        let client = ClientConfig::builder()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            server,
            client: Arc::new(client),
        }
    }

    /// The status of the answer to a request, whose lines come as they are written.
    pub(crate) fn ask(&self, address: SocketAddr, request: &str) -> u16 {
        let name = "localhost".try_into().expect("a name");
        let mut tls = ClientConnection::new(Arc::clone(&self.client), name).expect("a client");
        let mut socket = connect(address);
        let mut stream = Stream::new(&mut tls, &mut socket);
        let request = format!("{}\r\n\r\n", request.replace('\n', "\r\n"));
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("it answers");
            answer.extend(byte);
        }
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).expect("a status line");
        status.parse().expect("a status")
    }
}

/// What a proxy does to the head of a request.
pub(crate) type Rewrite = fn(&str) -> String;

/// Takes TLS off `count` connections, one after the other, and passes a request and its answer on each.
pub(crate) fn proxy(tls: &Tls, to: SocketAddr, rewrite: Rewrite, count: usize) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let config = Arc::new(tls.server.clone());
    std::thread::spawn(move || {
        for socket in listener.incoming().take(count) {
            let mut socket = socket.expect("a connection");
            let mut tls = ServerConnection::new(Arc::clone(&config)).expect("a server");
            let mut outside = Stream::new(&mut tls, &mut socket);
            let mut inside = connect(to);
            let head = read_head(&mut outside);
            inside
                .write_all(rewrite(&head).as_bytes())
                .expect("it reads");
            let answer = read_head(&mut inside);
            outside.write_all(answer.as_bytes()).expect("it reads");
            outside.flush().expect("it reads");
        }
    });
    address
}

fn read_head(stream: &mut impl std::io::Read) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.extend(byte);
    }
    String::from_utf8(head).expect("text")
}

fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).expect("it listens");
    let patience = Some(Duration::from_secs(10));
    socket.set_read_timeout(patience).expect("a timeout");
    socket
}
