using System.Globalization;
using Minion.Models.Routing;

namespace RouteTraining;

/// <summary>Scores each prompt by a classifier that has learned from other prompts only.</summary>
internal static class CrossValidation
{
    private const int Folds = 10;

    /// <summary>The whole classifier's difficulty of each prompt.</summary>
    /// <param name="items">The prompts.</param>
    /// <param name="bySubject">Whether the subject, too, is one that was not learned from.</param>
    public static Dictionary<Item, double> Difficulties(IReadOnlyList<Item> items, bool bySubject)
    {
        var found = new Dictionary<Item, double>(ReferenceEqualityComparer.Instance as IEqualityComparer<Item>);
        foreach (var fold in items.GroupBy(i => Fold(i, bySubject)))
        {
            var others = items.Where(i => Fold(i, bySubject) != fold.Key).ToList();
            var learned = LearnedDifficulty.Parse(WeightsFile.Of(Ridge.Fit(others), others));
            foreach (var item in fold)
            {
                var shape = new RequestShape(TokenEstimate(item), 1, 0, false, false);
                found[item] = Classifier.Combine(learned.Score(item.Text, item.Words), item.Text, shape).Difficulty;
            }
        }

        return found;
    }

    private static long TokenEstimate(Item item) => (item.Prompt.Length + 3) / 4;

    private static int Fold(Item item, bool bySubject)
    {
        var key = bySubject ? item.Group : string.Create(CultureInfo.InvariantCulture, $"{item.Set} {item.Index}");
        var hash = key.Aggregate(2166136261u, (h, c) => (h ^ c) * 16777619u);
        hash = (hash ^ (hash >> 15)) * 0x2C1B3C6Du;
        return (int)((hash ^ (hash >> 12)) % Folds);
    }
}
