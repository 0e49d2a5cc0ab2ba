"""Running an installation: the processes, whether they are well, what they measure, their jobs and messages as pages."""
