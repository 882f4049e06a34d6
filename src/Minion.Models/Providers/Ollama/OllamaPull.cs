using System.Runtime.CompilerServices;
using System.Text.Json;
using Minion.Models.Providers.Http;

namespace Minion.Models.Providers.Ollama;

/// <summary>Reads what <c>POST /api/pull</c> answers: lines of JSON of which the last says <c>success</c>, or one of them says what went wrong.</summary>
internal static class OllamaPull
{
    /// <summary>Each step that differs from the one before it: Ollama repeats itself while nothing moves.</summary>
    public static async IAsyncEnumerable<PullProgress> ReadAsync(
        Endpoint endpoint, string model, Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PullProgress? last = null;
        await foreach (var line in JsonLines.ReadAsync(endpoint, body, cancellationToken))
        {
            if (line.Member("error") is not null)
            {
                throw Failed(endpoint, model, ErrorBody.From(line));
            }

            var progress = Read(endpoint, line);
            if (progress != last)
            {
                yield return last = progress;
            }

            if (progress.Done)
            {
                yield break;
            }
        }

        throw new ModelException(
            ModelErrorKind.Unavailable,
            $"{endpoint.Subject} stopped in the middle of pulling '{model}': {(last is null ? "nothing came" : $"the last it said was '{Texts.Shorten(last.Status)}'")}.",
            "Pull again, it goes on where it stopped; if it stays so, look at Ollama's log.");
    }

    private static PullProgress Read(Endpoint endpoint, JsonElement line) => new(
        line.Text("status") ?? throw endpoint.Invalid("has a line that says neither a status nor an error"),
        line.Text("digest") ?? "",
        Math.Max(0, line.Count("total") ?? 0),
        Math.Max(0, line.Count("completed") ?? 0));

    private static ModelException Failed(Endpoint endpoint, string model, ErrorBody error)
    {
        var (kind, hint) = error switch
        {
            _ when error.Speaks("does not exist", "not found", "manifest unknown") =>
                (ModelErrorKind.UnknownModel, "Is the name right, and its tag (name:tag)?"),
            _ when error.Speaks("no space left", "not enough space") =>
                (ModelErrorKind.Unavailable, "Free space on the disk where Ollama keeps its models (OLLAMA_MODELS where it runs), and pull again."),
            _ when error.Speaks("newer version") =>
                (ModelErrorKind.InvalidRequest, "Update Ollama where it runs, and pull again."),
            _ => (ModelErrorKind.Unavailable, "Pull again, it goes on where it stopped; if it stays so, look at Ollama's log, and whether its machine reaches the network."),
        };
        return new ModelException(kind, $"{endpoint.Subject} could not pull '{model}': {ApiKey.Hide(Texts.Shorten(error.Message, 300), endpoint.Key)}", hint);
    }
}
