Console.WriteLine("OutageAggregator");
