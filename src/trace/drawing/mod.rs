//! Drawing: a layered picture of a part of the graph, as boxes and curves.
