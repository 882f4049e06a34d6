using System.Text.Encodings.Web;
using System.Text.Json;

namespace Minion.Edge.OpenAi.Json;

internal static class JsonForm
{
    /// <summary>Answers are JSON in bodies of JSON or events: nothing but JSON's own characters need escaping. What is written is known to be well-formed.</summary>
    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
