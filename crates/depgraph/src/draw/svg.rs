//! The graph as one picture that any browser shows, in light and in dark.

mod legend;
pub(super) mod words;

use std::fmt::{Arguments, Write as _};

use super::Options;
use super::layout::{Caption, Label, Layout, Node, Picture, Rect, Role, layout, printable, width};
use crate::graph::{Graph, Package};

/// How things look, in the words of CSS.
pub(super) const LOOKS: &str = include_str!("svg/picture.css");

/// The colours in light.
pub(super) const LIGHT: &str = include_str!("svg/light.css");

/// What of the colours is different in the dark.
pub(super) const DARK: &str = include_str!("svg/dark.css");

/// Around the drawing.
const MARGIN: f64 = 32.0;

/// For the title.
const HEAD: f64 = 74.0;

/// More packages than this do without implied edges.
const MOST_FOR_IMPLIED: usize = 800;

/// More packages than this show one way to each of them only.
const MOST_FOR_EDGES: usize = 2_000;

/// More packages than this do not light up their edges when pointed at: that takes two rules each.
const MOST_FOR_POINTING: usize = 600;

/// The graph as a picture: a whole SVG file, which needs no other file and no script.
///
/// Projects are at the left, what they declare beside them, and to the right what that brings in. The colour is the category;
/// what is declared is filled, what is for development only is dashed, circles are red.
pub fn svg(graph: &Graph, options: &Options) -> String {
    let picture = Picture::new(graph, options.depth);
    let labels: Vec<Label> =
        picture.nodes.iter().map(|node| Label::new(graph, node, picture.nodes.len())).collect();
    let widths: Vec<f64> = labels.iter().map(|label| label.width).collect();
    let layout = layout(&picture, &widths);
    let mut drawing = Drawing { graph, picture: &picture, layout: &layout, out: String::new() };
    drawing.draw(&labels, &options.title);
    drawing.out
}

/// Text for XML, in content and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in printable(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// A picture while it is being drawn.
struct Drawing<'a> {
    graph: &'a Graph,
    picture: &'a Picture,
    layout: &'a Layout,
    out: String,
}

impl Drawing<'_> {
    fn draw(&mut self, labels: &[Label], title: &str) {
        let legend = legend::legend(self.graph, self.picture, self.width());
        let (wide, high) = (self.width(), HEAD + self.layout.height + 36.0 + legend.height + MARGIN);
        let title = if title.is_empty() { "Dependencies" } else { title };
        let (title, summary) =
            (escaped(title), escaped(&words::summary(self.graph, self.picture, self.layout)));
        self.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.0} {high:.0}\" width=\"{wide:.0}\" \
             height=\"{high:.0}\" role=\"img\" aria-labelledby=\"dg-title dg-desc\" class=\"depgraph\">\n\
             <title id=\"dg-title\">{title}: dependencies</title>\n<desc id=\"dg-desc\">{summary}</desc>\n<style>.depgraph{{{LIGHT}}}
@media (prefers-color-scheme:dark){{.depgraph{{{DARK}}}}}
{LOOKS}"
        ));
        self.put_pointing();
        self.put(format_args!(
            "</style>\n<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n\
             <text class=\"title\" x=\"{MARGIN}\" y=\"42\">{title}</text>\n\
             <text class=\"summary\" x=\"{MARGIN}\" y=\"63\">{summary}</text>\n\
             <g transform=\"translate({MARGIN} {HEAD})\">\n"
        ));
        self.put_captions();
        self.put_edges();
        for (place, label) in labels.iter().enumerate() {
            self.put_package(place, label);
        }
        let y = HEAD + self.layout.height + 36.0;
        self.put(format_args!(
            "</g>\n<g transform=\"translate({MARGIN} {y:.1})\">\n{}</g>\n</svg>\n",
            legend.svg
        ));
    }

    fn width(&self) -> f64 {
        (self.layout.width + MARGIN * 2.0).max(760.0)
    }

    fn put(&mut self, words: Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.out.write_fmt(words);
    }

    /// Pointing at a package shows what it needs and what needs it, without a script.
    fn put_pointing(&mut self) {
        if self.picture.nodes.len() > MOST_FOR_POINTING {
            return;
        }
        for place in 0..self.picture.nodes.len() {
            self.put(format_args!(
                ".depgraph:has(#dg{place}:hover) .f{place}{{stroke:var(--needs);stroke-opacity:1}}\
                 .depgraph:has(#dg{place}:hover) .t{place}{{stroke:var(--needed);stroke-opacity:1}}"
            ));
        }
    }

    fn put_captions(&mut self) {
        let layout = self.layout;
        for (caption, x, y) in &layout.captions {
            let (class, words) = match caption {
                Caption::Layer(layer) => ("layer", words::layer(self.picture, layout, *layer)),
                Caption::Scope(scope) => ("scope", words::scope(&self.picture.scopes, *scope)),
            };
            self.put(format_args!(
                "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n",
                escaped(&words)
            ));
        }
    }

    /// Faint ones first, so that the others are above them.
    fn put_edges(&mut self) {
        let (picture, layout) = (self.picture, self.layout);
        let count = picture.nodes.len();
        let mut is_reached = vec![false; count];
        let mut edges: Vec<_> = picture.edges.iter().zip(&layout.routes).collect();
        edges.retain(|(edge, _)| {
            let is_first = !std::mem::replace(&mut is_reached[edge.to], true);
            match count {
                MOST_FOR_EDGES.. => is_first,
                MOST_FOR_IMPLIED.. => !edge.is_implied,
                _ => true,
            }
        });
        edges.sort_by_key(|(edge, _)| (edge.in_cycle, !edge.is_implied));
        self.put(format_args!("<g class=\"edges{}\">\n", if count > 160 { " many" } else { "" }));
        for (edge, route) in edges {
            let category = self.package(edge.from).category.as_str();
            let mut class = format!("{category} f{} t{}", edge.from, edge.to);
            let is_back = layout.layer_of[edge.to] < layout.layer_of[edge.from];
            let marks = [
                (edge.is_development, " dev"),
                (edge.is_implied || is_back, " faint"),
                (edge.in_cycle, " circle"),
            ];
            marks.iter().filter(|(is_marked, _)| *is_marked).for_each(|(_, mark)| class.push_str(mark));
            self.put(format_args!("<path class=\"{class}\" d=\"{route}\"/>\n"));
        }
        self.put(format_args!("</g>\n"));
    }

    fn package(&self, place: usize) -> &Package {
        &self.graph.packages[self.picture.nodes[place].index]
    }

    fn put_package(&mut self, place: usize, label: &Label) {
        let (node, place_of) = (&self.picture.nodes[place], self.layout.boxes[place]);
        let Rect { x, y, width, height } = place_of;
        let lines: Vec<String> = words::about(self.graph, node).iter().map(|line| escaped(line)).collect();
        let title = lines.join("\n");
        let category = self.package(place).category.as_str();
        self.put(format_args!(
            "<g id=\"dg{place}\" class=\"package {category}{}\" transform=\"translate({x:.1} {y:.1})\"><title>{title}</title>",
            classes(node)
        ));
        if node.is_duplicate {
            self.put(format_args!(
                "<rect class=\"behind\" x=\"3\" y=\"3\" width=\"{width:.1}\" height=\"{height}\" rx=\"5\"/>"
            ));
        }
        self.put(format_args!("<rect class=\"box\" width=\"{width:.1}\" height=\"{height}\" rx=\"5\"/>"));
        if node.role >= Role::Indirect {
            let bar = height - 8.0;
            self.put(format_args!(
                "<rect class=\"bar\" x=\"4\" y=\"4\" width=\"3\" height=\"{bar}\" rx=\"1.5\"/>"
            ));
        }
        let baseline = height / 2.0 + label.size * 0.35;
        let (name, size) = (escaped(&label.name), label.size);
        self.put(format_args!(
            "<text x=\"{:.1}\" y=\"{baseline:.1}\" font-size=\"{size}\">{name}",
            size * 0.95
        ));
        if !label.version.is_empty() {
            let version = escaped(&label.version);
            self.put(format_args!(
                "<tspan class=\"version\" dx=\"5\" font-size=\"{:.1}\">{version}</tspan>",
                size * 0.85
            ));
        }
        self.put(format_args!("</text>"));
        if !label.badge.is_empty() {
            self.put(format_args!(
                "<text class=\"badge\" x=\"{:.1}\" y=\"{baseline:.1}\" font-size=\"{:.1}\">{}</text>",
                width - 7.0,
                size * 0.85,
                label.badge
            ));
        }
        self.put(format_args!("</g>\n"));
    }
}

/// What a package is besides its category.
fn classes(node: &Node) -> String {
    let role = match node.role {
        Role::Project => " project",
        Role::Direct => " direct",
        Role::Indirect => "",
        Role::Loose => " loose",
    };
    let marks = [(node.is_development, " dev"), (node.in_cycle, " circle")];
    let mut classes = role.to_owned();
    marks.iter().filter(|(is_marked, _)| *is_marked).for_each(|(_, mark)| classes.push_str(mark));
    classes
}
