using Xunit.v3;

// A page waits for a browser, for a line and for the next refresh for most of its time.
[assembly: Parallelization(MaxThreads = 4)]
