"""What mailbot costs, measured on this machine; `make bench` runs all of it, `make bench ARGS="way start"` some."""
