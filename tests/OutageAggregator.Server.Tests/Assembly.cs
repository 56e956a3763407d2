using Xunit.v3;

// Each test runs whole servers, so they are run in three rows and no more. In two of them tests keep a pace, a simulated clock's or that of a Redis which is
// given up after two seconds, and wait for most of their time. The others take as long as they take, and run beside them.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly), Parallelization(MaxThreads = 3)]
