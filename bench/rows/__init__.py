"""One module for each thing measured; ``bench.catalogue`` lists them."""
