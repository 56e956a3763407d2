using Xunit.Sdk;
using Xunit.v3;

// Clusters of several processes on one machine: one after the other, so that they do not slow each other down.
[assembly: Parallelization(Mode = ParallelMode.None)]
