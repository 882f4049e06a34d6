using System.Text.Json;
using System.Text.Json.Serialization;

namespace Minion.Models.Routing;

/// <summary>
/// A linear model of what a strong model gains over a weak one for a text, in standard deviations above the average prompt that it was
/// trained on. <c>eng/route-training</c> learns the weights and writes the file that stands beside this one.
/// </summary>
internal sealed class LearnedDifficulty
{
    private readonly float[] _dense;
    private readonly sbyte[] _words;
    private readonly float _wordScale;
    private readonly float _mean;
    private readonly float _deviation;

    private LearnedDifficulty(Weights weights)
    {
        _dense = weights.Dense;
        _words = [.. weights.Words.Select(b => (sbyte)b)];
        (_wordScale, _mean, _deviation) = (weights.WordScale, weights.Mean, weights.Deviation);
        if (_dense.Length != TextFeatures.Count || _words.Length != WordHashes.Buckets)
        {
            throw new InvalidDataException("The routing weights do not fit this program's features: learn them again with eng/route-training.");
        }
    }

    /// <summary>The weights that ship with the program.</summary>
    public static LearnedDifficulty Shipped { get; } = Read();

    /// <summary>Reads a weights file.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static LearnedDifficulty Parse(string json) =>
        new(JsonSerializer.Deserialize(json, WeightsJson.Default.Weights) ?? throw new JsonException("The routing weights are null."));

    /// <summary>The score of a text that was read before.</summary>
    public double Score(TextFeatures text, ReadOnlySpan<ushort> words)
    {
        Span<float> dense = stackalloc float[TextFeatures.Count];
        text.Write(dense);
        var sum = 0f;
        for (var i = 0; i < dense.Length; i++)
        {
            sum += dense[i] * _dense[i];
        }

        var votes = 0;
        foreach (var word in words)
        {
            votes += _words[word];
        }

        sum += votes * _wordScale / MathF.Sqrt(Math.Max(1, words.Length));
        return (sum - _mean) / _deviation;
    }

    private static LearnedDifficulty Read()
    {
        using var file = typeof(LearnedDifficulty).Assembly.GetManifestResourceStream("Minion.Models.difficulty.weights.json")!;
        using var reader = new StreamReader(file);
        return Parse(reader.ReadToEnd());
    }
}

/// <summary>The weights file.</summary>
/// <param name="Dense">One for each number of <see cref="TextFeatures.Write"/>.</param>
/// <param name="Words">One signed byte for each bucket of <see cref="WordHashes"/>.</param>
/// <param name="WordScale">What one step of those bytes is worth.</param>
/// <param name="Mean">The average score of the prompts it was trained on.</param>
/// <param name="Deviation">Their standard deviation.</param>
internal sealed record Weights(float[] Dense, byte[] Words, float WordScale, float Mean, float Deviation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(Weights))]
internal sealed partial class WeightsJson : JsonSerializerContext;
