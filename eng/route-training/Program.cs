using System.Diagnostics;
using System.Globalization;
using Minion.Models.Routing;
using RouteTraining;

if (args is not [var folder, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("Usage: RouteTraining DATA/routing [WEIGHTS.json]   measures by cross-validation; with a second argument learns from all and writes it.");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var items = Sets.Read(folder);
if (rest is [var file])
{
    File.WriteAllText(file, WeightsFile.Of(Ridge.Fit(items), items));
}

var known = CrossValidation.Difficulties(items, bySubject: false);
var fresh = CrossValidation.Difficulties(items, bySubject: true);
var shipped = new Classifier(LearnedDifficulty.Shipped);
foreach (var (set, chosen) in new (string, Func<Item, bool>)[] { ("GSM8K and MMLU", _ => true), ("GSM8K", i => i.Set == "GSM8K"), ("MMLU", i => i.Set == "MMLU") })
{
    var of = items.Where(chosen).ToList();
    Console.WriteLine($"{set}, {of.Count} prompts");
    Console.WriteLine("| router | APGR | 10 % | 20 % | 30 % | 40 % | 50 % | 60 % | 70 % | 80 % | 90 % |");
    Print("oracle", i => i.Gain);
    Print("classifier", i => known[i]);
    Print("classifier, subjects it never saw", i => fresh[i]);
    Print("prompt length", i => i.Prompt.Length);
    Print("random", _ => 0);

    void Print(string router, Func<Item, double> score)
    {
        var curve = new Curve(of, score);
        Console.WriteLine($"| {router} | {curve.Apgr:0.000} | {string.Join(" | ", Enumerable.Range(1, 9).Select(t => $"{curve.At(t / 10.0):0.00}"))} |");
    }
}

var tiers = items.Select(i => shipped.Classify(i.Prompt, new RequestShape(i.Prompt.Length / 4, 1, 0, false, false)).Tier).CountBy(t => t).OrderBy(t => t.Key);
Console.WriteLine($"tiers: {string.Join(", ", tiers.Select(t => $"{t.Key} {t.Value / (double)items.Count:P0}"))}");
var started = Stopwatch.GetTimestamp();
foreach (var item in items)
{
    shipped.Classify(item.Prompt, default);
}

Console.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalMicroseconds / items.Count:0.0} µs for each prompt");
return 0;
