namespace Minion.Models;

internal static class Description
{
    /// <summary>The model in a message to a person: its name, and where it is.</summary>
    public static string Described(this ModelDefinition definition) => definition.Url is null
        ? $"The model '{definition.Name}' ({definition.Provider})"
        : $"The model '{definition.Name}' ({definition.Model} at {definition.Url})";
}
