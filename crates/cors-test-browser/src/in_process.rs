//! An app of actix-web, asked in process.

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
    headers::Headers,
    server::{Received, Sent, Server},
};

impl<S, B> Server for S
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn answer(&self, sent: &Sent) -> Result<Received, String> {
        let request = request(sent)?;
        match self.call(request.to_request()).await {
            Ok(response) => received(sent, response.into_parts().1).await,
            // The dispatcher makes a response of an error, and runs its mappers.
            Err(error) => received(sent, error.error_response()).await,
        }
    }
}

/// The request as it would come over HTTP/1.1: with a path, and the address in `Host`.
fn request(sent: &Sent) -> Result<TestRequest, String> {
    let target = sent.target();
    if let Err(error) = target.parse::<Uri>() {
        return Err(format!("{target:?} cannot be sent in process: {error}"));
    }
    let method = Method::from_bytes(sent.method.as_bytes())
        .map_err(|error| format!("{:?} cannot be sent in process: {error}", sent.method))?;
    let mut request = TestRequest::default().method(method).uri(&target);
    for (name, value) in sent.headers.iter() {
        let header = HeaderName::from_bytes(name.as_bytes())
            .ok()
            .zip(HeaderValue::from_bytes(value).ok())
            .ok_or_else(|| format!("header {name} cannot be sent in process"))?;
        request = request.append_header(header);
    }
    if let Some(body) = &sent.body {
        request = request.set_payload(body.clone());
    }
    Ok(request)
}

async fn received<B: MessageBody>(
    sent: &Sent,
    response: HttpResponse<B>,
) -> Result<Received, String> {
    let status = response.status().as_u16();
    let mut headers = Headers::default();
    for (name, value) in response.headers() {
        headers.append(name.as_str(), value.as_bytes());
    }
    // The dispatcher writes it.
    if response.head().upgrade() {
        headers.append("connection", "upgrade");
    }
    // The body of an upgrade is not one.
    let body = if sent.wants_body && status != 101 {
        body::to_bytes(response.into_body())
            .await
            .map_err(|_| "the body failed".to_owned())?
            .to_vec()
    } else {
        Vec::new()
    };
    Ok(Received {
        status,
        headers,
        body,
    })
}
