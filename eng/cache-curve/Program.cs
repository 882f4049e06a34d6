using System.Globalization;
using System.Numerics.Tensors;
using CacheCurve;
using Minion.Models;
using Minion.Models.Providers.Local;

// The curve of the semantic cache: hits and false hits over the threshold, with and without the guard.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: CacheCurve DATA/similarity   prints the tables of docs/cache.md.");
    return 2;
}

double[] thresholds = [0.5, 0.6, 0.65, 0.7, 0.75, 0.77, 0.78, 0.79, 0.8, 0.82, 0.85, 0.9, 0.95];
var repeats = Pairs.Repeats(args[0]);
var workload = await RepeatedQuestions.AskAsync(repeats);
var alike = new LookAlikes(Pairs.Questions(args[0]));

Console.WriteLine($"Repeated questions: {repeats.Count} kept and asked for in other words ({HashedText.Name}).\n");
Console.WriteLine("| threshold | hits | false | hits, guarded | false, guarded | look-alikes: same hit | others hit | same, guarded | others, guarded | false of hits, guarded |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
foreach (var threshold in thresholds)
{
    var (bare, guarded) = (workload.At(threshold, guarded: false), workload.At(threshold, guarded: true));
    var (pairs, kept) = (alike.At(threshold, guarded: false), alike.At(threshold, guarded: true));
    Console.WriteLine(
        $"| {threshold:0.00} | {bare.Hits:0.0 %} | {bare.False:0.0 %} | {guarded.Hits:0.0 %} | {guarded.False:0.0 %} | {pairs.Recall:0.0 %} | {pairs.False:0.0 %} | {kept.Recall:0.0 %} | {kept.False:0.0 %} | {kept.FalseOfHits:0.0 %} |");
}

Console.WriteLine($"\nLook-alikes, similarity alone: area under the curve {alike.Area():0.000}.");
Console.WriteLine($"Repeated questions that the guard takes for others at {CachePolicy.DefaultThreshold}: {string.Join(", ", workload.Refused(CachePolicy.DefaultThreshold).Select(r => $"{r.Rule} {r.Count}"))}.");
Console.WriteLine($"At {CachePolicy.DefaultThreshold} the guard objects to (pairs that differ, pairs that mean the same):");
foreach (var (rule, wrong, right) in alike.Objections(CachePolicy.DefaultThreshold))
{
    Console.WriteLine($"  {rule,-16} {wrong,5} {right,5}");
}

// The threshold is chosen on four fifths, and what it gives is counted on the fifth that it has not seen.
const int Folds = 5;
var folds = Enumerable.Range(0, Folds).Select(fold =>
{
    var chosen = Enumerable.Range(50, 50).Select(t => t / 100.0).First(t => workload.At(t, guarded: true, r => r.Index / 2 % Folds != fold).False <= 0.01);
    return (Threshold: chosen, Seen: workload.At(chosen, guarded: true, r => r.Index / 2 % Folds == fold));
}).ToList();
Console.WriteLine(
    $"\nThresholds chosen on four fifths for at most 1 % false: {string.Join(", ", folds.Select(f => $"{f.Threshold:0.00}"))}; "
    + $"on the fifths not seen: hits {folds.Average(f => f.Seen.Hits):0.0 %}, false {folds.Average(f => f.Seen.False):0.0 %}.");

Console.WriteLine("\nPearson's r with what people say of sentences:");
foreach (var set in Pairs.Scored(args[0]).GroupBy(p => p.Set))
{
    var given = set.Select(p => p.Score).ToList();
    var found = set.Select(p => (double)TensorPrimitives.Dot<float>(HashedText.Embed(p.A), HashedText.Embed(p.B))).ToList();
    var (x, y) = (given.Average(), found.Average());
    var r = given.Zip(found, (a, b) => (a - x) * (b - y)).Sum() / Math.Sqrt(given.Sum(a => (a - x) * (a - x)) * found.Sum(b => (b - y) * (b - y)));
    Console.WriteLine($"  {set.Key,-24} {r:0.000}");
}

return 0;
