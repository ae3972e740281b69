//! One visitor's tab: opened, clicked, filled and asked as a person would, with real input events.

use std::fmt::Debug;
use std::pin::Pin;

use chromiumoxide::Page;
use chromiumoxide::cdp::IntoEventKind;
use chromiumoxide::cdp::browser_protocol::emulation::{
    MediaFeature, SetDeviceMetricsOverrideParams, SetScriptExecutionDisabledParams,
};
use chromiumoxide::cdp::browser_protocol::input::{
    DispatchKeyEventParams, DispatchKeyEventType, InsertTextParams,
};
use chromiumoxide::cdp::browser_protocol::log::{EventEntryAdded, LogEntryLevel};
use chromiumoxide::cdp::browser_protocol::network::{
    self, ClearBrowserCacheParams, EventLoadingFinished,
};
use chromiumoxide::cdp::browser_protocol::page::{
    EventLoadEventFired, NavigateParams, PrintToPdfParams,
};
use chromiumoxide::cdp::js_protocol::runtime::{EvaluateParams, EventExceptionThrown};
use chromiumoxide::layout::Point;
use chromiumoxide::listeners::EventStream;
use futures::{FutureExt, StreamExt};
use serde_json::Value;

use crate::world::PATIENCE;

/// A page of the browser with what is counted on it.
pub(crate) struct Tab {
    page: Page,
    address: String,
    loads: Pin<Box<EventStream<EventLoadEventFired>>>,
    finished: Pin<Box<EventStream<EventLoadingFinished>>>,
    entries: Pin<Box<EventStream<EventEntryAdded>>>,
    thrown: Pin<Box<EventStream<EventExceptionThrown>>>,
    /// Clicks and filled fields since the last count.
    pub(crate) acts: usize,
    /// Loaded pages since the last count.
    pub(crate) pages: usize,
}

async fn events<E: IntoEventKind + Unpin>(page: &Page) -> Pin<Box<EventStream<E>>> {
    Box::pin(page.event_listener::<E>().await.unwrap())
}

/// What a stream holds now.
fn drain<E: IntoEventKind + Unpin>(
    stream: &mut Pin<Box<EventStream<E>>>,
) -> Vec<std::sync::Arc<E>> {
    std::iter::from_fn(|| stream.next().now_or_never().flatten()).collect()
}

impl Tab {
    /// Listens to everything on a blank page; addresses are below `address`.
    pub(crate) async fn new(page: Page, address: String) -> Self {
        page.execute(network::EnableParams::default()).await.unwrap();
        page.enable_log().await.unwrap();
        page.enable_runtime().await.unwrap();
        let (loads, finished) = (events(&page).await, events(&page).await);
        let (entries, thrown) = (events(&page).await, events(&page).await);
        let tab = Self { page, address, loads, finished, entries, thrown, acts: 0, pages: 0 };
        tab.width(360).await;
        tab
    }

    /// Sets the width of the window in CSS pixels.
    pub(crate) async fn width(&self, width: i64) {
        let metrics = SetDeviceMetricsOverrideParams::builder()
            .width(width)
            .height(800)
            .device_scale_factor(1.0)
            .mobile(false)
            .build()
            .unwrap();
        self.page.execute(metrics).await.unwrap();
    }

    /// Whether scripts of pages run from the next page on.
    pub(crate) async fn scripts(&self, run: bool) {
        self.page.execute(SetScriptExecutionDisabledParams::new(!run)).await.unwrap();
    }

    /// What the person prefers: `light` or `dark`.
    pub(crate) async fn prefers(&self, scheme: &str) {
        // A colour on its way to another is none that anyone reads.
        let features = vec![
            MediaFeature::new("prefers-color-scheme", scheme),
            MediaFeature::new("prefers-reduced-motion", "reduce"),
        ];
        self.page.emulate_media_features(features).await.unwrap();
    }

    /// Forgets all files that were loaded before.
    pub(crate) async fn forget_files(&self) {
        self.page.execute(ClearBrowserCacheParams::default()).await.unwrap();
    }

    /// Types an address, absolute on the server.
    pub(crate) async fn open(&mut self, path: &str) {
        drain(&mut self.loads);
        let command = NavigateParams::new(format!("{}{path}", self.address));
        let done = self.page.execute(command).await.unwrap();
        assert_eq!(done.result.error_text, None, "{path}");
        self.loaded(path).await;
    }

    /// Clicks a link or a button and waits for the page to which it leads.
    pub(crate) async fn follow(&mut self, selector: &str) {
        drain(&mut self.loads);
        self.click(selector).await;
        self.loaded(selector).await;
    }

    async fn loaded(&mut self, what: impl Debug) {
        let load = tokio::time::timeout(PATIENCE, self.loads.next()).await;
        assert!(matches!(load, Ok(Some(_))), "no page came after {what:?}");
        self.pages += 1;
    }

    /// Clicks the middle of the first element that fits, with the mouse.
    pub(crate) async fn click(&mut self, selector: &str) {
        let at = self
            .ask(&format!(
                "(() => {{ const e = document.querySelector({selector:?}); if (!e) return null; \
                 e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
                 const r = e.getClientRects()[0]; if (!r) return null; \
                 const x = r.x + r.width / 2, y = r.y + r.height / 2; \
                 const hit = document.elementFromPoint(x, y); \
                 return e.contains(hit) || hit?.contains(e) ? [x, y] : null; }})()"
            ))
            .await;
        let [Some(x), Some(y)] = [at[0].as_f64(), at[1].as_f64()] else {
            panic!("{selector} cannot be clicked on {}", self.path().await);
        };
        self.page.click(Point::new(x, y)).await.unwrap();
        self.acts += 1;
    }

    /// Clicks into a field and types over what stands there.
    pub(crate) async fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector).await;
        self.ask(&format!("document.querySelector({selector:?}).select()")).await;
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
        let value = self.ask(&format!("document.querySelector({selector:?}).value")).await;
        assert_eq!(value, text, "{selector}");
    }

    /// Types where the cursor stands.
    pub(crate) async fn write(&self, text: &str) {
        self.page.execute(InsertTextParams::new(text)).await.unwrap();
    }

    /// Presses the return key in the field that was filled last, and waits for the page that comes.
    pub(crate) async fn enter(&mut self) {
        drain(&mut self.loads);
        for kind in [DispatchKeyEventType::KeyDown, DispatchKeyEventType::KeyUp] {
            let key = DispatchKeyEventParams::builder()
                .r#type(kind)
                .key("Enter")
                .code("Enter")
                .text("\r")
                .windows_virtual_key_code(13)
                .build()
                .unwrap();
            self.page.execute(key).await.unwrap();
        }
        self.acts += 1;
        self.loaded("the return key").await;
    }

    /// Chooses a value of a select.
    pub(crate) async fn choose(&mut self, selector: &str, value: &str) {
        let now = self
            .ask(&format!(
                "(() => {{ const e = document.querySelector({selector:?}); e.value = {value:?}; \
                 e.dispatchEvent(new Event('change', {{ bubbles: true }})); return e.value; }})()"
            ))
            .await;
        assert_eq!(now, value, "{selector} does not offer it");
        self.acts += 1;
    }

    /// The value of an expression on the page.
    pub(crate) async fn ask(&self, expression: &str) -> Value {
        let command = EvaluateParams::builder()
            .expression(expression)
            .return_by_value(true)
            .await_promise(true)
            .build()
            .unwrap();
        let done = self.page.execute(command).await.unwrap();
        if let Some(thrown) = &done.result.exception_details {
            panic!("{expression}: {thrown:?}");
        }
        done.result.result.value.clone().unwrap_or(Value::Null)
    }

    /// The text of the first element that fits, spaces joined.
    pub(crate) async fn text(&self, selector: &str) -> String {
        let text =
            self.ask(&format!("document.querySelector({selector:?})?.textContent ?? null")).await;
        let Some(text) = text.as_str() else {
            panic!("no {selector} on {}", self.path().await);
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where the tab is: path and query.
    pub(crate) async fn path(&self) -> String {
        let path = self.ask("location.pathname + location.search").await;
        path.as_str().unwrap_or_default().to_owned()
    }

    /// Starts counting acts, pages and bytes anew.
    pub(crate) fn count_anew(&mut self) {
        (self.acts, self.pages) = (0, 0);
        self.bytes();
    }

    /// The bytes over the line since this was last asked, headings of answers included.
    pub(crate) fn bytes(&mut self) -> u64 {
        let ended = drain(&mut self.finished);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and small, but the protocol knows one kind of number"
        )]
        let of = |one: &EventLoadingFinished| one.encoded_data_length as u64;
        ended.iter().map(|one| of(one)).sum()
    }

    /// What the console has to complain about since this was last asked.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        let entries = drain(&mut self.entries);
        let errors = entries.iter().filter(|one| one.entry.level == LogEntryLevel::Error);
        let said = errors.map(|one| {
            let address = one.entry.url.clone().unwrap_or_default();
            format!("{} {address}", one.entry.text)
        });
        let thrown = drain(&mut self.thrown);
        let thrown = thrown.iter().map(|one| one.exception_details.text.clone());
        said.chain(thrown).collect()
    }

    /// The page as the browser's own print gives it on A4.
    pub(crate) async fn print(&self) -> Vec<u8> {
        let paper = PrintToPdfParams::builder()
            .paper_width(8.27)
            .paper_height(11.69)
            .prefer_css_page_size(true)
            .build();
        self.page.pdf(paper).await.unwrap()
    }
}
