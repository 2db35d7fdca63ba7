"""Every way in which a submission may try to cheat or to harm, graded by the real command line."""
