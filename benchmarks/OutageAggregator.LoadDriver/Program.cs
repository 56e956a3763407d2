using System.CommandLine;
using OutageAggregator.LoadDriver;

// Compares the server with K0, the least a Kestrel endpoint can do with the same request. Both run as processes of their own and are
// measured in turns; read the ratio, not the rates.
var connections = new Option<int[]>("--connections") { Description = "Connections at once", DefaultValueFactory = _ => [64, 256], AllowMultipleArgumentsPerToken = true };
var seconds = new Option<int>("--seconds") { Description = "Length of one run, 1 to 60", DefaultValueFactory = _ => 5 };
var rounds = new Option<int>("--rounds") { Description = "Runs of each, in turns, 1 to 20", DefaultValueFactory = _ => 3 };
var services = new Option<int>("--services") { Description = "Services the reports are spread over, 1 to 50", DefaultValueFactory = _ => 1 };
seconds.Validators.Add(r => InRange(r, seconds, 1, 60));
rounds.Validators.Add(r => InRange(r, rounds, 1, 20));
services.Validators.Add(r => InRange(r, services, 1, 50));

var beside = new Option<FileInfo[]>("--beside") { Description = "OutageAggregator.Server.dll of another build, measured in the same turns", AllowMultipleArgumentsPerToken = true };
var overRedis = new Option<bool>("--redis") { Description = "Over a Redis of its own each, instead of SQLite" };
_ = beside.AcceptExistingOnly();

var post = new Command("post", "POST of single reports: the server, and other builds of it, against K0") { connections, seconds, rounds, services, beside, overRedis };
post.SetAction((line, cancellation) => PostRatio.RunAsync(
    line.GetRequiredValue(connections),
    TimeSpan.FromSeconds(line.GetRequiredValue(seconds)),
    line.GetRequiredValue(rounds),
    line.GetRequiredValue(services),
    [.. (line.GetValue(beside) ?? []).Select(f => f.FullName)],
    line.GetValue(overRedis),
    cancellation));

var rate = new Option<int>("--rate") { Description = "Reports a second, 10 to 20,000", DefaultValueFactory = _ => 1_000 };
var stopped = new Option<int>("--stopped") { Description = "How long Redis stands still, seconds, 1 to 300", DefaultValueFactory = _ => 30 };
var spool = new Option<bool>("--spool") { Description = "With Spool:Enabled" };
rate.Validators.Add(r => InRange(r, rate, 10, 20_000));
stopped.Validators.Add(r => InRange(r, stopped, 1, 300));
var stop = new Command("stop", "Redis stopped with SIGSTOP under load: answers, breaker, memory, sums") { rate, stopped, spool };
stop.SetAction((line, cancellation) => RedisStop.RunAsync(
    line.GetRequiredValue(rate), TimeSpan.FromSeconds(line.GetRequiredValue(stopped)), line.GetValue(spool), cancellation));

var redis = new Command("redis", "What a report costs Redis, against a bare pipelined HINCRBY") { rounds };
redis.SetAction((line, cancellation) => RedisCost.RunAsync(line.GetRequiredValue(rounds), cancellation));

var reports = new Option<int>("--rate") { Description = "Reports a second, 10 to 20,000", DefaultValueFactory = _ => 2_000 };
var length = new Option<int>("--seconds") { Description = "Length of a phase, 5 to 3,600", DefaultValueFactory = _ => 60 };
var fsync = new Option<string>("--fsync") { Description = "When Redis syncs its log", DefaultValueFactory = _ => "always" }.AcceptOnlyFromAmong("always", "everysec");
var busy = new Option<bool>("--busy") { Description = "Beside a process that takes a whole core" };
var faults = new Option<string>("--faults") { Description = "What happens, each in a phase of its own", DefaultValueFactory = _ => "all" }.AcceptOnlyFromAmong("all", "none", "node", "hang", "redis");
reports.Validators.Add(r => InRange(r, reports, 10, 20_000));
length.Validators.Add(r => InRange(r, length, 5, 3_600));
var nodes = new Command("nodes", "Three nodes over one Redis that keeps its log, while a node is killed, a node hangs, and Redis is killed") { reports, length, fsync, busy, faults };
nodes.SetAction((line, cancellation) => ThreeNodes.RunAsync(
    line.GetRequiredValue(reports), TimeSpan.FromSeconds(line.GetRequiredValue(length)), line.GetRequiredValue(fsync), line.GetValue(busy), line.GetRequiredValue(faults), cancellation));

var active = new Option<int>("--services") { Description = "Services with reports of the last hours, 200 to 50,000", DefaultValueFactory = _ => 20_000 };
var days = new Option<int>("--days") { Description = "How long they have been reported, 1 to 28", DefaultValueFactory = _ => 7 };
active.Validators.Add(r => InRange(r, active, 200, 50_000));
days.Validators.Add(r => InRange(r, days, 1, 28));
var many = new Command("services", "One node over many active services: start, memory, what a withdrawal costs") { active, days };
many.SetAction((line, cancellation) => ManyServices.RunAsync(line.GetRequiredValue(active), line.GetRequiredValue(days), cancellation));

var spin = new Command("busy", "Takes a whole core until its input ends") { Hidden = true };
spin.SetAction(_ => BusyProcess.Spin());

var k0 = new Command("k0", "Serves K0 on a free port until its input ends") { Hidden = true };
k0.SetAction((_, cancellation) => K0.ServeAsync(cancellation));

return await new RootCommand("Puts load on a server of its own, on this machine only.") { post, stop, redis, nodes, many, spin, k0 }.Parse(args).InvokeAsync();

static void InRange(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
{
    if (result.GetValue(option) is var value && (value < least || value > most))
        result.AddError($"{option.Name} is {value}. Allowed: {least} to {most}.");
}
