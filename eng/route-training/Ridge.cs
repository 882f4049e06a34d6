using Minion.Models.Routing;

namespace RouteTraining;

/// <summary>Least squares with a penalty on the weights, solved by conjugate gradients (Hestenes and Stiefel 1952).</summary>
/// <param name="dense">The weights of the numbers.</param>
/// <param name="words">The weights of the words.</param>
internal sealed class Ridge(double[] dense, double[] words)
{
    private const double DensePenalty = 1;
    private const double WordPenalty = 15;
    private const int Steps = 200;
    private const int Numbers = TextFeatures.Count;

    public IReadOnlyList<double> Dense => dense;

    public IReadOnlyList<double> Words => words;

    public static Ridge Fit(IReadOnlyList<Item> items)
    {
        var weights = new double[Numbers + WordHashes.Buckets];
        var residual = Back(items, [.. items.Select(i => (double)i.Gain)]);
        var direction = (double[])residual.Clone();
        var size = Dot(residual, residual);
        for (var step = 0; step < Steps && size > 1e-8; step++)
        {
            var image = Back(items, [.. items.Select(i => Score(i, direction))]);
            for (var j = 0; j < image.Length; j++)
            {
                // The constant is free.
                image[j] += direction[j] * (j == 0 ? 1e-6 : j < Numbers ? DensePenalty : WordPenalty);
            }

            var length = size / Dot(direction, image);
            for (var j = 0; j < weights.Length; j++)
            {
                weights[j] += length * direction[j];
                residual[j] -= length * image[j];
            }

            var next = Dot(residual, residual);
            for (var j = 0; j < weights.Length; j++)
            {
                direction[j] = residual[j] + (next / size * direction[j]);
            }

            size = next;
        }

        return new Ridge(weights[..Numbers], weights[Numbers..]);
    }

    public double Score(Item item) => Score(item, [.. dense, .. words]);

    private static double Score(Item item, double[] weights)
    {
        var sum = 0.0;
        for (var j = 0; j < Numbers; j++)
        {
            sum += weights[j] * item.Dense[j];
        }

        var votes = 0.0;
        foreach (var word in item.Words)
        {
            votes += weights[Numbers + word];
        }

        return sum + (votes * Share(item));
    }

    private static double[] Back(IReadOnlyList<Item> items, double[] errors)
    {
        var sums = new double[Numbers + WordHashes.Buckets];
        for (var i = 0; i < items.Count; i++)
        {
            for (var j = 0; j < Numbers; j++)
            {
                sums[j] += errors[i] * items[i].Dense[j];
            }

            foreach (var word in items[i].Words)
            {
                sums[Numbers + word] += errors[i] * Share(items[i]);
            }
        }

        return sums;
    }

    private static double Share(Item item) => 1 / Math.Sqrt(Math.Max(1, item.Words.Length));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
