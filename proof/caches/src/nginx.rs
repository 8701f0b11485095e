//! nginx with `proxy_cache`.

use std::{fs, io, path::Path, process::Command};

/// The path in Debian.
pub const PROGRAM: &str = "/usr/sbin/nginx";

/// The command that runs nginx in this directory as a single process.
pub fn command(directory: &Path, port: u16, server: u16) -> io::Result<Command> {
    let file = directory.join("nginx.conf");
    fs::write(&file, config(port, server))?;
    let mut command = Command::new(PROGRAM);
    command.args(["-e", "stderr", "-p"]).arg(directory);
    command.arg("-c").arg(file);
    Ok(command)
}

/// The configuration does not mention `Origin` or `Vary`, so that nginx has to follow the headers of the responses. In
/// addition to `proxy_cache`, it enables revalidation, and a lock that combines simultaneous requests for a response that is
/// not stored.
fn config(port: u16, server: u16) -> String {
    format!(
        "daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path temp_body;
    proxy_temp_path temp_proxy;
    fastcgi_temp_path temp_fastcgi;
    uwsgi_temp_path temp_uwsgi;
    scgi_temp_path temp_scgi;
    proxy_cache_path cache keys_zone=shared:1m max_size=64m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{server};
            proxy_read_timeout 5s;
            proxy_cache shared;
            proxy_cache_lock on;
            proxy_cache_revalidate on;
            add_header X-Cache-Status $upstream_cache_status always;
        }}
    }}
}}
"
    )
}
