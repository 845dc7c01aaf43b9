"""`python -m bench`: measure Hiwar beside its peers."""

from bench.run import main

main()
