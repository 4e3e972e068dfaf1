//! A browser that keeps its cookie.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

use super::sample::PASSWORD;

/// One browser.
pub(in crate::console) struct Browser {
    router: Router,
    cookie: Option<String>,
    language: Option<&'static str>,
}

/// What came back.
pub(in crate::console) struct Answer {
    pub(in crate::console) status: StatusCode,
    pub(in crate::console) location: String,
    pub(in crate::console) text: String,
    pub(in crate::console) bytes: Vec<u8>,
}

impl Browser {
    pub(in crate::console) fn new(router: &Router) -> Self {
        Self { router: router.clone(), cookie: None, language: None }
    }

    pub(in crate::console) async fn signed_in(router: &Router, name: &str) -> Self {
        let mut browser = Self::new(router);
        let form = format!("name={name}&password={}", PASSWORD.replace(' ', "+"));
        let answer = browser.post("/login", &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }

    /// The same browser after its person chose a language.
    pub(in crate::console) fn speaking(mut self, language: &'static str) -> Self {
        self.language = Some(language);
        self
    }

    pub(in crate::console) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// A page that must be there, sound, and without what the page policy forbids.
    pub(in crate::console) async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        for forbidden in [" style=\"", "<style", "javascript:", " onclick", "{{", "{%"] {
            assert!(!answer.text.contains(forbidden), "{path} holds {forbidden}");
        }
        assert_eq!(answer.text.matches("<h1>").count(), 1, "{path}");
        assert!(answer.text.trim_end().ends_with("</html>"), "{path}");
        answer.text
    }

    pub(in crate::console) async fn post(&mut self, path: &str, form: &str) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(form.to_owned())).await
    }

    /// A form with files: each part a name, a file's name (empty: a plain field) and its content.
    pub(in crate::console) async fn post_files(
        &mut self,
        path: &str,
        parts: &[(&str, &str, impl AsRef<[u8]>)],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content.as_ref());
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.send(request, Body::from(body)).await
    }

    pub(in crate::console) fn cookie(&self) -> String {
        self.cookie.clone().unwrap_or_default()
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let mut request = request.header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(language) = self.language {
            request = request.header(header::COOKIE, format!("vrs-language={language}"));
        }
        let answer = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        if let Some(set) = answer.headers().get(header::SET_COOKIE) {
            self.cookie = set.to_str().unwrap().split(';').next().map(str::to_owned);
        }
        let status = answer.status();
        let location =
            answer.headers().get(header::LOCATION).map_or_else(String::new, |to| to.to_str().unwrap().to_owned());
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec();
        Answer { status, location, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }
}
