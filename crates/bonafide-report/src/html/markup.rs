//! Markup that text cannot get into: our own is known when the program is built, everything else
//! is escaped on its way in.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::account::{cut, visible};
use crate::lineage::escaped;

/// A piece of a page.
#[derive(Default)]
pub(super) struct Markup(String);

impl Markup {
    pub(super) const fn new() -> Self {
        Self(String::new())
    }

    /// One of text.
    pub(super) fn of(text: &str) -> Self {
        let mut markup = Self::new();
        markup.text(text);
        markup
    }

    /// One of text that names something.
    pub(super) fn named(text: &str) -> Self {
        let mut markup = Self::new();
        markup.code(text);
        markup
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Markup of our own.
    pub(super) fn ours(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Another piece.
    pub(super) fn piece(&mut self, piece: &Self) -> &mut Self {
        self.0.push_str(&piece.0);
        self
    }

    /// Text, between tags or in a quoted attribute.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push_str(&escaped(&visible(text)));
        self
    }

    /// Text with `code` in it, as our own sentences have it.
    pub(super) fn sentences(&mut self, text: &str, most: usize) -> &mut Self {
        let text = cut(text, most);
        let pieces: Vec<&str> = text.split('`').collect();
        // A mark that is not closed is text.
        if pieces.len().is_multiple_of(2) {
            return self.isolated(&text);
        }
        self.ours("<bdi>");
        for (place, piece) in pieces.into_iter().enumerate() {
            if place % 2 == 1 {
                self.code(piece);
            } else {
                self.text(piece);
            }
        }
        self.ours("</bdi>")
    }

    /// Text that cannot reorder what stands next to it.
    pub(super) fn isolated(&mut self, text: &str) -> &mut Self {
        self.ours("<bdi>").text(text).ours("</bdi>")
    }

    /// A name or a digest.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.ours("<code><bdi>").text(text).ours("</bdi></code>")
    }

    pub(super) fn number(&mut self, number: u64) -> &mut Self {
        let _ = write!(self.0, "{number}");
        self
    }

    pub(super) fn count(&mut self, count: usize) -> &mut Self {
        let _ = write!(self.0, "{count}");
        self
    }

    /// The attribute by which a link finds something.
    pub(super) fn id(&mut self, kind: &'static str, number: usize) -> &mut Self {
        let _ = write!(self.0, " id=\"{kind}-{number}\"");
        self
    }

    /// A link to something on the page.
    pub(super) fn link(&mut self, kind: &'static str, number: usize, text: &str) -> &mut Self {
        let _ = write!(self.0, "<a href=\"#{kind}-{number}\">");
        self.isolated(text).ours("</a>")
    }

    /// The picture of a lineage.
    pub(super) fn picture(&mut self, svg: &str) -> &mut Self {
        self.0.push_str(svg);
        self
    }

    /// A term and what is to be said of it.
    pub(super) fn entry(&mut self, term: &'static str, about: &Self) -> &mut Self {
        self.ours("<div><dt>").ours(term).ours("</dt><dd>");
        self.piece(about).ours("</dd></div>\n")
    }

    /// A list, or nothing where there is nothing.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = Self>) -> &mut Self {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return self;
        }
        self.ours("<ul>");
        for item in items {
            self.ours("<li>").piece(&item).ours("</li>\n");
        }
        self.ours("</ul>\n")
    }

    /// The start of a table in a box of its own, which can be scrolled.
    ///
    /// On a narrow screen rows become cards. The roles keep it a table for those who listen to it.
    pub(super) fn open_table(
        &mut self,
        caption: &'static str,
        titles: &[&'static str],
    ) -> &mut Self {
        self.ours("<div class=\"box\"><table role=\"table\"><caption>")
            .ours(caption)
            .ours("</caption><thead role=\"rowgroup\"><tr role=\"row\">");
        for title in titles {
            self.ours("<th role=\"columnheader\" scope=\"col\">")
                .ours(title)
                .ours("</th>");
        }
        self.ours("</tr></thead>\n<tbody role=\"rowgroup\">\n")
    }

    pub(super) fn close_table(&mut self) -> &mut Self {
        self.ours("</tbody></table></div>\n")
    }

    /// A row; its first cell is its title. The kind and number are where links lead.
    pub(super) fn row(
        &mut self,
        place: Option<(&'static str, usize)>,
        titles: &[&'static str],
        cells: &[Self],
    ) -> &mut Self {
        self.ours("<tr role=\"row\"");
        if let Some((kind, number)) = place {
            self.id(kind, number);
        }
        self.ours(">");
        for (number, (title, cell)) in titles.iter().zip(cells).enumerate() {
            if number == 0 {
                self.ours("<th role=\"rowheader\" scope=\"row\">");
                self.piece(cell).ours("</th>");
                continue;
            }
            self.ours("<td role=\"cell\" data-label=\"")
                .ours(title)
                .ours("\"><div>");
            self.piece(cell).ours("</div></td>");
        }
        self.ours("</tr>\n")
    }

    /// Says how much is not shown, if anything is not.
    pub(super) fn more(&mut self, count: usize, noun: &'static str) -> &mut Self {
        if count == 0 {
            return self;
        }
        self.ours("<p class=\"more\">").count(count).ours(" more ");
        self.ours(noun);
        if count > 1 {
            self.ours("s");
        }
        self.ours(": the JSON report has all of them (<code>--output json=FILE</code>).</p>\n")
    }
}

/// What a policy about content calls a style that may be applied: the digest of its text.
pub(super) fn style_source(style: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(style.as_bytes())))
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |place: usize| u32::from(group.get(place).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * digit) & 63).unwrap_or_default();
            let letter = ALPHABET.get(index).copied().unwrap_or_default();
            text.push(if digit > group.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Markup, base64, style_source};

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        let table = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, expected) in table {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        // `openssl dgst -sha256 -binary | base64` of nothing.
        assert_eq!(
            style_source(""),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
        );
    }

    #[test]
    fn text_stays_text() {
        let mut markup = Markup::new();
        markup.code("\"><svg/onload=x>\u{202e}");
        assert_eq!(
            markup.into_string(),
            "<code><bdi>&quot;&gt;&lt;svg/onload=x&gt;\\u{202e}</bdi></code>"
        );
        let mut markup = Markup::new();
        markup
            .sentences("see `a<b` and c", 80)
            .sentences("`open", 80);
        assert_eq!(
            markup.into_string(),
            "<bdi>see <code><bdi>a&lt;b</bdi></code> and c</bdi><bdi>`open</bdi>"
        );
    }
}
