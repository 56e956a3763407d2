using Xunit.v3;

// Each test runs whole servers: one after the other, so that they do not slow each other down. Those that keep a pace, a simulated clock's or that of a
// Redis which is given up after two seconds, are one collection. The others take as long as they take, and run beside them.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly), Parallelization(MaxThreads = 2)]
