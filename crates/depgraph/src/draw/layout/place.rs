//! The coordinates of packages: in columns, as near as can be to what they are joined to.

use super::layers::layers;
use super::model::Picture;
use super::order::{Order, order};
use super::real;
use super::route::{End, route};

/// Width to height, as on a screen.
const ASPECT: f64 = 1.6;

/// Above this the layers are wrapped into bands, as the words of a text into lines.
const LONGEST_ASPECT: f64 = 3.2;

/// Layers of up to so many packages do not wrap in a picture of few: lines beside boxes are easier to follow than lines behind them.
const NEVER_WRAPPED: usize = 36;

/// How often packages are pulled to what they are joined to.
const PULLS: usize = 8;

/// Where something stands, from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::draw) struct Rect {
    /// From the left.
    pub(in crate::draw) x: f64,
    /// From the top.
    pub(in crate::draw) y: f64,
    /// To the right.
    pub(in crate::draw) width: f64,
    /// Downwards.
    pub(in crate::draw) height: f64,
}

/// A heading.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::draw) enum Caption {
    /// Above a layer: its number.
    Layer(usize),
    /// Above what a scope declares: its bit.
    Scope(usize),
}

/// Where everything stands.
#[derive(Debug, Default)]
pub(in crate::draw) struct Layout {
    /// Of the whole drawing.
    pub(in crate::draw) width: f64,
    /// Of the whole drawing.
    pub(in crate::draw) height: f64,
    /// Of each package.
    pub(in crate::draw) boxes: Vec<Rect>,
    /// The left and the right end of the layer of each package.
    pub(in crate::draw) sides: Vec<(f64, f64)>,
    /// The path of each edge, in the words of SVG.
    pub(in crate::draw) routes: Vec<String>,
    /// Headings, each with the left end of its line.
    pub(in crate::draw) captions: Vec<(Caption, f64, f64)>,
    /// The layer of each package.
    pub(in crate::draw) layer_of: Vec<usize>,
}

/// How large things are.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::draw) struct Measures {
    /// The height of a package.
    pub(in crate::draw) chip: f64,
    /// From one package to the one below it.
    pub(in crate::draw) row: f64,
    /// Between two layers.
    pub(in crate::draw) gap: f64,
    /// Between the columns of a layer.
    pub(in crate::draw) column_gap: f64,
    /// For a heading.
    pub(in crate::draw) caption: f64,
}

impl Measures {
    /// Few packages may be large.
    pub(in crate::draw) fn of(count: usize) -> Self {
        let caption = 26.0;
        match count {
            0..=24 => Self { chip: 28.0, row: 40.0, gap: 96.0, column_gap: 18.0, caption },
            25..=60 => Self { chip: 26.0, row: 34.0, gap: 96.0, column_gap: 18.0, caption },
            61..=160 => Self { chip: 24.0, row: 32.0, gap: 84.0, column_gap: 16.0, caption },
            161..=300 => Self { chip: 20.0, row: 27.0, gap: 76.0, column_gap: 14.0, caption },
            _ => Self { chip: 18.0, row: 23.0, gap: 68.0, column_gap: 13.0, caption },
        }
    }

    /// What an edge that passes takes of a layer.
    fn point(self) -> f64 {
        self.row / 3.0
    }
}

/// A layer while it is being placed.
#[derive(Debug, Default)]
struct Column {
    rows: Vec<Row>,
    /// Of each of its columns.
    widths: Vec<f64>,
    x: f64,
    band: usize,
}

/// What pulls a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sides {
    Left,
    Right,
    Both,
}

#[derive(Debug, Default)]
struct Row {
    items: Vec<usize>,
    height: f64,
    /// The bit of the scope that begins here.
    heading: Option<usize>,
    /// The middle, from the top of the band.
    middle: f64,
}

/// Places the packages of a picture, whose boxes are as wide as is told.
pub(in crate::draw) fn layout(picture: &Picture, widths: &[f64]) -> Layout {
    let measures = Measures::of(picture.nodes.len());
    let layer_of = layers(picture);
    let keys: Vec<usize> = picture.nodes.iter().map(|node| node.declared.unwrap_or(0)).collect();
    let order = order(picture, layer_of.clone(), &keys);
    let rows = best_rows(&order, widths, measures);
    let is_wrapped = order.layers.iter().any(|layer| packages(layer, widths).count() > rows);
    let placer = Placer { picture, widths, measures, rows };
    let columns_of = |with_points: bool| {
        let mut columns: Vec<Column> =
            order.layers.iter().map(|layer| placer.column(layer, with_points)).collect();
        let bands = placer.split_into_bands(&mut columns);
        (columns, bands)
    };
    let wants_points = !is_wrapped && placer.is_worth_points(&order);
    let (mut columns, bands) = columns_of(wants_points);
    let with_points = wants_points && bands == 1;
    if wants_points && !with_points {
        // An edge from band to band passes no layer.
        columns = columns_of(false).0;
    }
    let neighbours =
        if with_points { Neighbours::of_order(&order) } else { Neighbours::of_picture(picture, &layer_of) };
    placer.pull(&mut columns, &neighbours, order.layer_of.len());
    let mut layout = placer.finish(&columns);
    let points =
        if with_points { placer.points(&columns, &order) } else { vec![Vec::new(); picture.edges.len()] };
    let end = |place: usize| End { place: layout.boxes[place], sides: layout.sides[place] };
    let routes = picture.edges.iter().zip(&points);
    let routes = routes
        .map(|(edge, points)| route(end(edge.from), end(edge.to), points, measures.row - measures.chip));
    layout.routes = routes.collect();
    layout.layer_of = layer_of;
    layout
}

fn packages<'a>(layer: &'a [usize], widths: &'a [f64]) -> impl Iterator<Item = usize> + 'a {
    layer.iter().copied().filter(|item| *item < widths.len())
}

/// How many rows a layer may have, so that the whole has the shape of a screen.
fn best_rows(order: &Order, widths: &[f64], measures: Measures) -> usize {
    let layers: Vec<(usize, f64)> = order
        .layers
        .iter()
        .map(|layer| {
            let widest = packages(layer, widths).map(|item| widths[item]).fold(0.0, f64::max);
            (packages(layer, widths).count(), widest)
        })
        .collect();
    let tallest = layers.iter().map(|(count, _)| *count).max().unwrap_or(1);
    if widths.len() <= 100 && tallest <= NEVER_WRAPPED {
        return NEVER_WRAPPED;
    }
    let badness = |rows: usize| {
        let width: f64 = layers
            .iter()
            .map(|(count, widest)| {
                real(count.div_ceil(rows)) * (widest + measures.column_gap) + measures.gap
                    - measures.column_gap
            })
            .sum();
        let height = real(rows.min(tallest)) * measures.row;
        // What counts is how small it must be made to fit, and then how much of the screen stays white.
        (width / ASPECT).max(height) + (width * height / ASPECT).sqrt() / 2.0
    };
    let candidates = 8..=tallest.clamp(8, 400);
    candidates.min_by(|left, right| badness(*left).total_cmp(&badness(*right))).unwrap_or(8)
}

/// What each item is pulled to, and how strongly.
struct Neighbours {
    before: Vec<Vec<(usize, f64)>>,
    after: Vec<Vec<(usize, f64)>>,
}

impl Neighbours {
    /// Edges that pass layers want to be straight.
    fn of_order(order: &Order) -> Self {
        let is_point = |item: usize| order.points.iter().flatten().next().is_some_and(|first| item >= *first);
        let weighed = |lists: &Vec<Vec<usize>>| {
            let weigh = |(item, list): (usize, &Vec<usize>)| {
                let weight = |other: &usize| match (is_point(item), is_point(*other)) {
                    (true, true) => 8.0,
                    (false, false) => 1.0,
                    _ => 2.0,
                };
                list.iter().map(|other| (*other, weight(other))).collect()
            };
            lists.iter().enumerate().map(weigh).collect()
        };
        Self { before: weighed(&order.before), after: weighed(&order.after) }
    }

    fn of_picture(picture: &Picture, layer_of: &[usize]) -> Self {
        let count = layer_of.len();
        let mut neighbours = Self { before: vec![Vec::new(); count], after: vec![Vec::new(); count] };
        for edge in picture.edges.iter().filter(|edge| !edge.is_implied) {
            if layer_of[edge.from] < layer_of[edge.to] {
                neighbours.after[edge.from].push((edge.to, 1.0));
                neighbours.before[edge.to].push((edge.from, 1.0));
            }
        }
        neighbours
    }
}

/// What all steps of placing look at.
struct Placer<'a> {
    picture: &'a Picture,
    widths: &'a [f64],
    measures: Measures,
    rows: usize,
}

impl Placer<'_> {
    /// Points for passing edges keep lines out of boxes; not where they would make the drawing much taller.
    fn is_worth_points(&self, order: &Order) -> bool {
        let height = |layer: &Vec<usize>, with_points: bool| {
            let count = packages(layer, self.widths).count();
            let points = if with_points { layer.len() - count } else { 0 };
            real(count) * self.measures.row + real(points) * self.measures.point()
        };
        let tallest =
            |with_points| order.layers.iter().map(|layer| height(layer, with_points)).fold(0.0, f64::max);
        tallest(true) <= (tallest(false) * 1.6).max(600.0)
    }

    fn column(&self, layer: &[usize], with_points: bool) -> Column {
        let count = packages(layer, self.widths).count();
        let across = count.div_ceil(self.rows).max(1);
        let mut column = Column { widths: vec![0.0; across], ..Column::default() };
        let mut last_scope = None;
        for item in layer {
            let Some(node) = self.picture.nodes.get(*item) else {
                if with_points {
                    let height = self.measures.point();
                    column.rows.push(Row { items: vec![*item], height, ..Row::default() });
                }
                continue;
            };
            let is_new_scope = node.declared.is_some() && node.declared != last_scope;
            match column.rows.last_mut() {
                Some(row) if row.items.len() < across && !is_new_scope => row.items.push(*item),
                _ => {
                    let heading = node.declared.filter(|_| is_new_scope && self.picture.scopes.len() > 1);
                    column.rows.push(Row {
                        items: vec![*item],
                        height: self.measures.row,
                        heading,
                        middle: 0.0,
                    });
                }
            }
            last_scope = node.declared.or(last_scope);
        }
        for row in &column.rows {
            for (width, item) in column.widths.iter_mut().zip(&row.items) {
                *width = self.widths.get(*item).map_or(*width, |wanted| width.max(*wanted));
            }
        }
        column
    }

    /// Sets the left end of each layer, and its band. Gives the number of bands.
    fn split_into_bands(&self, columns: &mut [Column]) -> usize {
        let gap = self.measures.gap;
        let width: f64 = columns.iter().map(|column| self.width(column) + gap).sum::<f64>() - gap;
        let height = columns.iter().map(|column| self.height(column)).fold(self.measures.row, f64::max);
        let mut bands = 1;
        if width / height > LONGEST_ASPECT && columns.len() > 12 {
            let pitch = height + self.measures.caption * 2.0;
            while width / real(bands) > ASPECT * pitch * real(bands) {
                bands += 1;
            }
        }
        let most = width / real(bands);
        let (mut x, mut band) = (0.0, 0);
        for column in columns {
            if x > 0.0 && x + self.width(column) / 2.0 > most {
                (x, band) = (0.0, band + 1);
            }
            (column.x, column.band) = (x, band);
            x += self.width(column) + gap;
        }
        band + 1
    }

    fn width(&self, column: &Column) -> f64 {
        let gaps = self.measures.column_gap * real(column.widths.len() - 1);
        column.widths.iter().sum::<f64>() + gaps
    }

    fn height(&self, column: &Column) -> f64 {
        column.rows.iter().map(|row| row.height + self.above(row)).sum()
    }

    /// What a row needs above it.
    fn above(&self, row: &Row) -> f64 {
        if row.heading.is_some() { self.measures.caption } else { 0.0 }
    }

    /// Moves each row to where its neighbours are, in turn from the left and from the right.
    fn pull(&self, columns: &mut [Column], neighbours: &Neighbours, count: usize) {
        let mut heights = vec![0.0_f64; columns.last().map_or(0, |column| column.band + 1)];
        for column in columns.iter() {
            heights[column.band] = heights[column.band].max(self.height(column));
        }
        let mut middles = vec![0.0; count];
        for column in columns.iter_mut() {
            let height = heights[column.band];
            let start = (height - self.height(column)) / 2.0;
            let wishes: Vec<(f64, f64)> = vec![(start, 1.0); column.rows.len()];
            self.settle(column, &wishes, height, &mut middles);
            let packed: Vec<(f64, f64)> = column.rows.iter().map(|row| (row.middle, 1.0)).collect();
            self.settle(column, &packed, height, &mut middles);
        }
        for pull in 0..PULLS {
            let is_forward = pull % 2 == 0;
            let sides = match (pull + 2 < PULLS, is_forward) {
                (true, true) => Sides::Left,
                (true, false) => Sides::Right,
                (false, _) => Sides::Both,
            };
            for step in 0..columns.len() {
                let place = if is_forward { step } else { columns.len() - 1 - step };
                let column = &mut columns[place];
                let wishes: Vec<(f64, f64)> =
                    column.rows.iter().map(|row| wish(row, neighbours, &middles, sides)).collect();
                self.settle(column, &wishes, heights[column.band], &mut middles);
            }
        }
    }

    /// Sets the rows of a layer as near to their wishes as their order and the height of the band allow.
    fn settle(&self, column: &mut Column, wishes: &[(f64, f64)], height: f64, middles: &mut [f64]) {
        let mut offsets = Vec::with_capacity(column.rows.len());
        let mut used = 0.0;
        for row in &column.rows {
            offsets.push(used + self.above(row) + row.height / 2.0);
            used += self.above(row) + row.height;
        }
        let shifts: Vec<(f64, f64)> =
            wishes.iter().zip(&offsets).map(|((wish, weight), offset)| (wish - offset, *weight)).collect();
        let room = (height - used).max(0.0);
        for ((row, shift), offset) in column.rows.iter_mut().zip(rising(&shifts)).zip(offsets) {
            row.middle = shift.clamp(0.0, room) + offset;
            row.items.iter().for_each(|item| middles[*item] = row.middle);
        }
    }

    fn finish(&self, columns: &[Column]) -> Layout {
        let mut layout = Layout {
            boxes: vec![Rect::default(); self.widths.len()],
            sides: vec![(0.0, 0.0); self.widths.len()],
            ..Layout::default()
        };
        let mut top = self.measures.caption;
        let mut tallest: f64 = 0.0;
        let mut band = 0;
        for (number, column) in columns.iter().enumerate() {
            if column.band != band {
                top += tallest + self.measures.caption * 2.0;
                (tallest, band) = (0.0, column.band);
            }
            tallest = tallest.max(lowest(column));
            layout.captions.push((Caption::Layer(number), column.x, top - self.measures.caption / 2.0));
            for row in &column.rows {
                self.place_row(row, column, top, &mut layout);
            }
            layout.width = layout.width.max(column.x + self.width(column));
            layout.height = top + tallest;
        }
        layout
    }

    fn place_row(&self, row: &Row, column: &Column, top: f64, layout: &mut Layout) {
        let y = top + row.middle - self.measures.chip / 2.0;
        if let Some(scope) = row.heading {
            layout.captions.push((Caption::Scope(scope), column.x, y - self.measures.caption / 3.0));
        }
        let mut x = column.x;
        for (item, width) in row.items.iter().zip(&column.widths) {
            if let Some((place, sides)) = layout.boxes.get_mut(*item).zip(layout.sides.get_mut(*item)) {
                *place = Rect { x, y, width: *width, height: self.measures.chip };
                *sides = (column.x, column.x + self.width(column));
            }
            x += width + self.measures.column_gap;
        }
    }

    /// The points of each edge: where it passes a layer, from its left end to its right end.
    fn points(&self, columns: &[Column], order: &Order) -> Vec<Vec<(f64, f64, f64)>> {
        let mut place = vec![(0.0, 0.0, 0.0); order.layer_of.len()];
        for column in columns {
            let right = column.x + self.width(column);
            for row in &column.rows {
                row.items
                    .iter()
                    .for_each(|item| place[*item] = (column.x, right, row.middle + self.measures.caption));
            }
        }
        order.points.iter().map(|points| points.iter().map(|point| place[*point]).collect()).collect()
    }
}

fn lowest(column: &Column) -> f64 {
    column.rows.last().map_or(0.0, |row| row.middle + row.height / 2.0)
}

/// The middle of what a row is joined to, and how much that weighs.
fn wish(row: &Row, neighbours: &Neighbours, middles: &[f64], sides: Sides) -> (f64, f64) {
    let (mut sum, mut total) = (0.0, 0.0);
    let (is_left, is_right) = (sides != Sides::Right, sides != Sides::Left);
    for item in &row.items {
        let left = neighbours.before[*item].iter().filter(|_| is_left);
        let right = neighbours.after[*item].iter().filter(|_| is_right);
        for (other, weight) in left.chain(right) {
            sum += middles[*other] * weight;
            total += weight;
        }
    }
    if total > 0.0 { (sum / total, total) } else { (row.middle, 0.1) }
}

/// The rising sequence that is nearest to some numbers with weights, by pooling neighbours that fall.
fn rising(numbers: &[(f64, f64)]) -> Vec<f64> {
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (number, weight) in numbers {
        let mut pool = (*number, *weight, 1);
        while let Some(last) = pools.pop_if(|last| last.0 > pool.0) {
            let weight = last.1 + pool.1;
            pool = ((last.0 * last.1 + pool.0 * pool.1) / weight, weight, last.2 + pool.2);
        }
        pools.push(pool);
    }
    pools.into_iter().flat_map(|(number, _, count)| std::iter::repeat_n(number, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_falls_is_pooled() {
        assert_eq!(rising(&[(1.0, 1.0), (3.0, 1.0), (1.0, 3.0), (9.0, 1.0)]), [1.0, 1.5, 1.5, 9.0]);
        assert_eq!(rising(&[]), Vec::<f64>::new());
    }
}
