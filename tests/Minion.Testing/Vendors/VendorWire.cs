using System.Text.Json;
using Minion.Testing.OpenAi;

namespace Minion.Testing.Vendors;

/// <summary>A vendor's wire format, written from its API reference.</summary>
public abstract class VendorWire
{
    /// <summary>What the vendor's address looks like below the host, as a model definition wants it.</summary>
    public abstract string BasePath { get; }

    /// <summary>The type of a streamed answer.</summary>
    public virtual string StreamType => "text/event-stream";

    /// <summary>Whether the vendor answers this path.</summary>
    public abstract bool Knows(string path);

    /// <summary>Whether the path is one that is read (GET) and not posted to.</summary>
    public virtual bool IsRead(string path) => false;

    /// <summary>Whether a request is for embeddings.</summary>
    public abstract bool WantsEmbeddings(VendorRequest request);

    /// <summary>Whether a request wants its answer streamed.</summary>
    public abstract bool WantsStream(VendorRequest request);

    /// <summary>The key of a request; null when it has none.</summary>
    public abstract string? Key(VendorRequest request);

    /// <summary>An answer as a whole.</summary>
    public abstract string Whole(VendorRequest request, FakeAnswer answer);

    /// <summary>An answer as the frames of a stream, ready to send.</summary>
    public abstract IEnumerable<string> Frames(VendorRequest request, FakeAnswer answer);

    /// <summary>An answer without a choice, whole or as the only frame.</summary>
    public abstract string Empty(bool streamed);

    /// <summary>Half a JSON object, whole or as a frame.</summary>
    public abstract string Broken(bool streamed);

    /// <summary>An error as the vendor documents it.</summary>
    public abstract (int Status, string Body) Error(VendorError error);

    /// <summary>How the vendor declines to answer: with an error, or with an answer that says so.</summary>
    public abstract (int Status, string Body) Refusal(bool streamed);

    /// <summary>An error within a stream; null when the vendor has none.</summary>
    public abstract string? ErrorFrame { get; }

    /// <summary>Embeddings of the texts of a request.</summary>
    public abstract string Embeddings(VendorRequest request);

    protected static string Json(object value) => JsonSerializer.Serialize(value);

    protected static IEnumerable<string> Words(string text) => text.Length == 0 ? [] : text.Split(' ').Select((word, i) => i == 0 ? word : " " + word);

    protected static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;
}

/// <summary>The errors that every vendor documents.</summary>
public enum VendorError
{
    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>The server failed.</summary>
    ServerError,

    /// <summary>The server has too much to do: 529 at Anthropic, 503 elsewhere.</summary>
    Overloaded,

    /// <summary>The conversation is too long.</summary>
    ContextOverflow,

    /// <summary>The key is wrong.</summary>
    BadKey,

    /// <summary>The model does not exist.</summary>
    UnknownModel,
}
