// Each test runs whole servers, some of them at sixty times the pace: one after the other, so that they do not slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
