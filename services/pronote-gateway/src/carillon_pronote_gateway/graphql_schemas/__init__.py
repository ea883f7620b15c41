"""The schemas of pupils, parents and other accounts, and how a request is executed against them."""
