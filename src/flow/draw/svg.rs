//! Writes an SVG, escaped: the only place that knows angle brackets.

use std::fmt::Write as _;

/// Where a text begins, is centred, or ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A rectangle in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Rect {
    pub(super) fn right(&self) -> i32 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> i32 {
        self.y + self.height
    }

    pub(super) fn middle(&self) -> i32 {
        self.y + self.height / 2
    }
}

#[derive(Default)]
pub(super) struct Svg {
    body: String,
}

impl Svg {
    /// Things that belong together, with the words that a screen reader says.
    pub(super) fn group(&mut self, words: &str, inside: impl FnOnce(&mut Svg)) {
        let words = escaped(words);
        let _ = writeln!(self.body, "<g role=\"listitem\" aria-label=\"{words}\">");
        let _ = writeln!(self.body, "<title>{words}</title>");
        inside(self);
        self.body.push_str("</g>\n");
    }

    pub(super) fn rect(&mut self, class: &str, rect: Rect, round: i32) {
        let Rect { x, y, width, height } = rect;
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
             rx=\"{round}\"/>"
        );
    }

    pub(super) fn text(&mut self, class: &str, (x, y): (i32, i32), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let text = escaped(text);
        let _ = writeln!(
            self.body,
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}>{text}</text>"
        );
    }

    /// A line along these points.
    pub(super) fn line(&mut self, class: &str, points: &[(i32, i32)]) {
        let mut way = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let _ = write!(way, "{}{x} {y}", if at == 0 { "M" } else { " L" });
        }
        let _ = writeln!(self.body, "<path class=\"{class}\" d=\"{way}\"/>");
    }

    pub(super) fn dot(&mut self, (x, y): (i32, i32)) {
        let _ = writeln!(self.body, "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>");
    }

    /// The whole file.
    pub(super) fn finish(self, size: (i32, i32), title: &str, words: &str) -> String {
        let (width, height) = size;
        let (title, words, body) = (escaped(title), escaped(words), self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title words\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"words\">{words}</desc>\n\
             {STYLE}<rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>\n\
             <g role=\"list\">\n{body}</g>\n</svg>\n"
        )
    }
}

const STYLE: &str = "\
<defs>
<marker id=\"head\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" \
orient=\"auto\"><path d=\"M0 0 L10 5 L0 10 z\" fill=\"#222\"/></marker>
<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fff\"/>\
<rect width=\"2\" height=\"6\" fill=\"#222\"/></pattern>
<pattern id=\"points\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\">\
<rect width=\"5\" height=\"5\" fill=\"#fff\"/><circle cx=\"2\" cy=\"2\" r=\"1\" fill=\"#222\"/></pattern>
</defs>
<style>
text { font-family: 'DejaVu Sans', Verdana, Arial, Helvetica, sans-serif; fill: #111; }
.paper { fill: #fff; }
.heading { font-size: 20px; font-weight: bold; }
.id { font-size: 15px; font-weight: bold; }
.kind, .small, .label { font-size: 12px; }
.kind { fill: #333; }
.words { font-size: 14px; }
.note { font-size: 12px; font-style: italic; fill: #333; }
.figures { font-size: 12px; font-weight: bold; }
.label { font-weight: bold; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
.ask { fill: #fff; stroke: #222; stroke-width: 1.5; }
.say { fill: #f2f2f2; stroke: #222; stroke-dasharray: 5 3; }
.end { fill: #ececec; stroke: #222; stroke-width: 1.5; }
.again { fill: #fff; stroke: #222; stroke-dasharray: 2 3; }
.start { fill: #222; stroke: #222; }
.begins { font-size: 12px; font-weight: bold; fill: #fff; }
.inside { fill: none; stroke: #666; stroke-width: 1.5; stroke-dasharray: 8 4; }
.way { fill: none; stroke: #222; stroke-width: 1.5; marker-end: url(#head); }
.round { fill: none; stroke: #222; stroke-width: 1.5; stroke-dasharray: 4 3; }
.dot { fill: #222; }
.answered { fill: #222; stroke: #222; }
.unclear { fill: url(#points); stroke: #222; }
.waiting { fill: #fff; stroke: #222; }
.dropped { fill: url(#hatch); stroke: #222; }
</style>
";

/// A text that no reader of the file takes for anything but a text.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}
