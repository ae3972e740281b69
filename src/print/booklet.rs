//! Pages two to a sheet, in the order in which a folded stack of sheets becomes a booklet.

use typst::layout::{Abs, Frame, Point, Size};
use typst::model::Document as _;
use typst_layout::{Page, PagedDocument};

/// The width of the sheet that is folded, in mm.
const SHEET_WIDTH_MM: f64 = 297.0;

/// The sides of the sheets, each with its left and its right page (from 0); `None` is an empty half.
///
/// Printed on both sides, turned on the short edge, the sheets are laid on each other and folded
/// once.
pub(super) fn sides(pages: usize) -> Vec<[Option<usize>; 2]> {
    let all = pages.next_multiple_of(4);
    let page = |at: usize| (at < pages).then_some(at);
    (0..all / 2)
        .map(|side| {
            let (low, high) = (page(side), page(all - 1 - side));
            // The first half of the pages rises; its even pages lie to the right.
            if side % 2 == 0 { [high, low] } else { [low, high] }
        })
        .collect()
}

/// The document with its pages as the sides of folded sheets.
pub(super) fn folded(laid: &PagedDocument) -> PagedDocument {
    let Some(first) = laid.pages().first() else { return laid.clone() };
    let half = first.frame.size();
    // Two A5 are a millimetre narrower than the A4 that they lie on.
    let size = Size::new(Abs::mm(SHEET_WIDTH_MM).max(half.x * 2.0), half.y);
    let edge = (size.x - half.x * 2.0) / 2.0;
    let sides = sides(laid.pages().len()).into_iter().map(|halves| {
        let mut sheet = Frame::hard(size);
        for (half_of, page) in halves.into_iter().enumerate() {
            let Some(page) = page.and_then(|at| laid.pages().get(at)) else { continue };
            let left = if half_of == 0 { edge } else { edge + half.x };
            sheet.push_frame(Point::with_x(left), page.frame.clone());
        }
        Page { frame: sheet, ..first.clone() }
    });
    PagedDocument::new(sides.collect(), laid.info().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_sheets_read_in_order() {
        let n = Some;
        for (pages, expected) in [
            (0, vec![]),
            (1, vec![[None, n(0)], [None, None]]),
            (4, vec![[n(3), n(0)], [n(1), n(2)]]),
            (6, vec![[None, n(0)], [n(1), None], [n(5), n(2)], [n(3), n(4)]]),
        ] {
            assert_eq!(sides(pages), expected, "{pages}");
        }
    }
}
