using System.Text.Json;

namespace Minion.Edge.OpenAi.Chat;

/// <summary>What a completion and all chunks of one begin with.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Created">Unix time in seconds.</param>
/// <param name="Model">The model's name as the client asked for it, until the provider says another.</param>
internal sealed record ChatHead(string Id, long Created, string Model)
{
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> kind, string? model)
    {
        writer.WriteString("id"u8, Id);
        writer.WriteString("object"u8, kind);
        writer.WriteNumber("created"u8, Created);
        writer.WriteString("model"u8, model ?? Model);
    }
}
