namespace Minion.Edge.OpenAi.Answers;

/// <summary>What an API calls the fields of a request, so that errors name what the client sent.</summary>
/// <param name="Messages">The conversation.</param>
/// <param name="Format">The form of the answer.</param>
internal sealed record FieldNames(string Messages, string Format)
{
    /// <summary>Chat completions.</summary>
    public static readonly FieldNames Chat = new("messages", "response_format");

    /// <summary>Responses; their instructions are a message too, so that places in the conversation are not those of the input.</summary>
    public static readonly FieldNames Response = new("input", "text.format");

    /// <summary>One message.</summary>
    public string Message(int index) => this == Chat ? $"{Messages}[{index}]" : Messages;
}
