//! Every template for every shape in every language.

mod shapes;
