//! The server as an actix-web app in the same process.

use actix_http::Request;
use actix_service::Service;
use actix_web::{
    Error, HttpResponse,
    body::{self, MessageBody},
    dev::ServiceResponse,
    http::{
        Method, Uri,
        header::{HeaderName, HeaderValue},
    },
    test::TestRequest,
};

use crate::{
    header_list::HeaderList,
    server::{ReceivedResponse, SentRequest, Server},
};

impl<S, B> Server for S
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn send(&self, sent: &SentRequest) -> Result<ReceivedResponse, String> {
        let request = test_request(sent)?;
        match self.call(request.to_request()).await {
            Ok(response) => received_response(sent, response.into_parts().1).await,
            // In a real server, the dispatcher turns an error into a response in this way.
            Err(error) => received_response(sent, error.error_response()).await,
        }
    }
}

/// The request as it would arrive over HTTP/1.1: the target is a path, and `Host` has the host.
fn test_request(sent: &SentRequest) -> Result<TestRequest, String> {
    let target = sent.target();
    if let Err(error) = target.parse::<Uri>() {
        return Err(format!(
            "the app cannot receive the target {target:?}: {error}"
        ));
    }
    let method = Method::from_bytes(sent.method.as_bytes()).map_err(|error| {
        format!(
            "the app cannot receive the method {:?}: {error}",
            sent.method
        )
    })?;
    let mut request = TestRequest::default().method(method).uri(&target);
    for (name, value) in sent.headers.iter() {
        let header = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_bytes(value).ok())
            .ok_or_else(|| format!("the app cannot receive the header {name}"))?;
        request = request.append_header(header);
    }
    if let Some(body) = &sent.body {
        request = request.set_payload(body.clone());
    }
    Ok(request)
}

async fn received_response<B: MessageBody>(
    sent: &SentRequest,
    response: HttpResponse<B>,
) -> Result<ReceivedResponse, String> {
    let status = response.status().as_u16();
    let mut headers = HeaderList::default();
    for (name, value) in response.headers() {
        headers.append(name.as_str(), value.as_bytes());
    }
    // In a real server, the dispatcher adds this header.
    if response.head().upgrade() {
        headers.append("connection", "upgrade");
    }
    // After an upgrade, the payload is the new protocol and not a response body.
    let body = if sent.reads_response_body && status != 101 {
        body::to_bytes(response.into_body())
            .await
            .map_err(|_| "the app failed while it sent the body".to_owned())?
            .to_vec()
    } else {
        Vec::new()
    };
    Ok(ReceivedResponse {
        status,
        headers,
        body,
    })
}
