"""The engines that are measured: each runs in a process of its own and reports on itself."""
