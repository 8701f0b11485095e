//! varnish with its built-in VCL.

use std::{fs, io, path::Path, process::Command};

/// The path in Debian.
pub const PROGRAM: &str = "/usr/sbin/varnishd";

/// The command that runs varnish in this directory.
///
/// With `default_grace=0`, varnish revalidates an expired response before it sends it, and not in the background. With
/// `-j none`, it does not change its user, so that it works as root and as any other user.
pub fn command(directory: &Path, port: u16, server: u16) -> io::Result<Command> {
    let file = directory.join("default.vcl");
    fs::write(&file, vcl(server))?;
    let mut command = Command::new(PROGRAM);
    command.args(["-F", "-j", "none", "-T", "none", "-s", "malloc,32m"]);
    command.args(["-p", "default_grace=0", "-p", "default_keep=600"]);
    command.arg("-a").arg(format!("127.0.0.1:{port}"));
    command.arg("-f").arg(file);
    command.arg("-n").arg(directory.join("varnish"));
    Ok(command)
}

fn vcl(server: u16) -> String {
    format!(
        "vcl 4.1;
backend default {{
    .host = \"127.0.0.1\";
    .port = \"{server}\";
    .first_byte_timeout = 5s;
}}
sub vcl_deliver {{
    if (obj.hits > 0) {{
        set resp.http.X-Cache-Status = \"HIT\";
    }} else {{
        set resp.http.X-Cache-Status = \"MISS\";
    }}
}}
"
    )
}
