//! Lets a browser send the requests.

use std::{
    io,
    time::{Duration, Instant},
};

use actix_web::rt;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::{
    act::{Act, Setting, Source, What},
    receiver::{POLICIES, Policy, Receiver},
};
use crate::{driver::Driver, origins::Ports};

/// How long a request that is sent may take.
const TIMEOUT: Duration = Duration::from_secs(8);

/// How long the requests of a page may take that perhaps are not sent at all: Firefox sends no pings.
const PERHAPS: Duration = Duration::from_secs(3);

/// Sends each of them to each policy.
pub async fn send_all(
    driver: &Driver,
    acts: &[Act],
    ports: Ports,
    receiver: &Receiver,
) -> io::Result<()> {
    let sender = Sender {
        driver,
        ports,
        receiver,
    };
    sender
        .open(&format!("{}/acts/cookies", Source::Own.origin(ports)))
        .await?;
    let numbered = || acts.iter().enumerate();
    for (number, act) in numbered().filter(|(_, act)| act.is_navigation()) {
        for policy in POLICIES {
            sender.navigate(number, act, policy).await?;
        }
    }
    // The others need their page only once.
    let mut left: Vec<(usize, &Act)> = numbered().filter(|(_, act)| !act.is_navigation()).collect();
    while let Some((number, first)) = left.first().copied() {
        let is_with_first = |(other, act): &mut (usize, &Act)| {
            *other == number
                || (act.source, act.setting) == (first.source, first.setting)
                    && act.what != What::Report
                    && first.what != What::Report
        };
        let together: Vec<_> = left.extract_if(.., is_with_first).collect();
        sender.send_together(&together).await?;
    }
    Ok(())
}

struct Sender<'a> {
    driver: &'a Driver,
    ports: Ports,
    receiver: &'a Receiver,
}

impl Sender<'_> {
    /// Sends a request that leaves the page, to one policy.
    async fn navigate(&self, number: usize, act: &Act, policy: Policy) -> io::Result<()> {
        let target = act.target(policy.path(), number, self.ports);
        if act.what == What::Typed {
            return self.open(&target).await;
        }
        let has = |count: usize| move || self.receiver.count(policy, number) >= count;
        // A page that has just been left can be in the way, so there is a second attempt.
        for is_last in [false, true] {
            self.open_page(number, act).await?;
            let acted = self.act(number, act, policy).await;
            if is_last {
                acted?;
            } else if acted.is_err() {
                continue;
            }
            if wait(TIMEOUT, has(1)).await {
                break;
            }
        }
        self.until_at(act, &target).await?;
        if act.what == What::Reload {
            let before = self.receiver.count(policy, number);
            self.driver.client.refresh().await.map_err(failed)?;
            // Firefox asks whether to send the form again. The others do not, and then this is an error.
            let _ = self.driver.client.accept_alert().await;
            if !wait(TIMEOUT, has(before + 1)).await {
                return Err(io::Error::other(format!("{act}: it was not sent again")));
            }
        }
        Ok(())
    }

    /// Waits until the browser shows this URL. In a frame, it never does.
    async fn until_at(&self, act: &Act, target: &str) -> io::Result<()> {
        let attempts = match act.setting {
            Setting::Sandboxed => 10,
            Setting::Default | Setting::NoReferrer => 100,
        };
        for _ in 0..attempts {
            let url = self.driver.client.current_url().await.map_err(failed)?;
            if url.as_str().starts_with(target) {
                break;
            }
            rt::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Sends requests of one page, each to each policy.
    async fn send_together(&self, together: &[(usize, &Act)]) -> io::Result<()> {
        let Some((number, first)) = together.first() else {
            return Ok(());
        };
        self.open_page(*number, first).await?;
        for (number, act) in together {
            for policy in POLICIES {
                self.act(*number, act, policy).await?;
            }
        }
        let pairs = || {
            together
                .iter()
                .flat_map(|(number, _)| POLICIES.map(|policy| (policy, *number)))
        };
        wait(PERHAPS, || {
            pairs().all(|(policy, number)| self.receiver.count(policy, number) > 0)
        })
        .await;
        Ok(())
    }

    async fn open_page(&self, number: usize, act: &Act) -> io::Result<()> {
        let path = match act.setting {
            Setting::Sandboxed => "frame",
            Setting::Default | Setting::NoReferrer => "page",
        };
        let mut query = Serializer::new(String::new());
        if act.setting == Setting::NoReferrer {
            query.append_pair("referrer_policy", "no-referrer");
        }
        if act.what == What::Report {
            // One report goes to all of them.
            let uris = POLICIES.map(|policy| act.target(policy.path(), number, self.ports));
            query.append_pair("report_uri", &uris.join(" "));
        }
        let origin = act.source.origin(self.ports);
        self.open(&format!("{origin}/acts/{path}?{}", query.finish()))
            .await?;
        if act.setting == Setting::Sandboxed {
            let client = &self.driver.client;
            client.enter_frame(0).await.map_err(failed)?;
        }
        Ok(())
    }

    /// Lets the script of the page send it.
    async fn act(&self, number: usize, act: &Act, policy: Policy) -> io::Result<()> {
        const SCRIPT: &str = "const [call, done] = arguments; act(call).then(() => done());";
        let target = act.target(policy.path(), number, self.ports);
        let url = match act.via {
            None => target,
            Some(via) => {
                let query = Serializer::new(String::new())
                    .append_pair("to", &target)
                    .finish();
                format!("{}/acts/redirect?{query}", via.origin(self.ports))
            }
        };
        let client = &self.driver.client;
        client
            .execute_async(SCRIPT, vec![call(act.what, &url)])
            .await
            .map(drop)
            .map_err(|error| io::Error::other(format!("{act} from {:?}: {error}", act.source)))
    }

    async fn open(&self, url: &str) -> io::Result<()> {
        let failed = |error| io::Error::other(format!("cannot open {url}: {error}"));
        self.driver.client.goto(url).await.map_err(failed)
    }
}

/// The call in the form that the script of the page expects.
fn call(what: What, url: &str) -> Value {
    match what {
        What::Form { method, enctype } => {
            json!({ "kind": "form", "url": url, "method": method, "enctype": enctype })
        }
        What::Reload => json!({ "kind": "form", "url": url, "method": "post" }),
        What::Link | What::Typed => json!({ "kind": "link", "url": url }),
        What::Fetch {
            method,
            mode,
            credentials,
        } => json!({
            "kind": "fetch", "url": url, "method": method, "mode": mode, "credentials": credentials,
        }),
        What::Beacon { content_type } => {
            json!({ "kind": "beacon", "url": url, "contentType": content_type })
        }
        What::Ping => json!({ "kind": "ping", "url": url }),
        What::Report => json!({ "kind": "report" }),
        What::Image => json!({ "kind": "image", "url": url }),
        What::Socket => json!({ "kind": "socket", "url": url }),
    }
}

/// Waits until something is done. Returns whether it is.
async fn wait(time: Duration, is_done: impl Fn() -> bool) -> bool {
    let begin = Instant::now();
    while !is_done() && begin.elapsed() < time {
        rt::time::sleep(Duration::from_millis(10)).await;
    }
    is_done()
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::other(error)
}
