using Minion.Contracts.Tools.V1;
using Minion.Orchestration.Agents;
using Minion.Yaml;

namespace Minion.Orchestration.Clusters;

/// <summary>Reads what runs of an agent are told beside its instructions: the list <c>providers</c> of its <c>context</c>.</summary>
internal static class ContextProviderReader
{
    private const string Kinds = "one of repository, documentation, environment and preferences";

    public static IEnumerable<ContextProvider> Read(MapReader context, Problems problems)
    {
        var providers = new List<ContextProvider>();
        foreach (var node in context.Items("providers", "a list such as [ { repository: { folder: product } }, { environment: {} } ]"))
        {
            if (context.Within(node) is { } reader)
            {
                var provider = ReadOne(reader, problems);
                reader.Done();
                if (provider.KindCase != ContextProvider.KindOneofCase.None)
                {
                    providers.Add(provider);
                }
                else
                {
                    problems.Add(node, "must be " + Kinds);
                }
            }
        }

        return providers;
    }

    private static ContextProvider ReadOne(MapReader reader, Problems problems)
    {
        if (reader.Mapping("repository") is { } repository)
        {
            return new ContextProvider { Repository = Repository(repository, problems) };
        }

        if (reader.Mapping("documentation") is { } documentation)
        {
            var folder = documentation.RequiredText("folder", "the name of a folder");
            documentation.Done();
            return new ContextProvider { Documentation = new DocumentationContext { Folder = folder } };
        }

        if (reader.Mapping("environment") is { } environment)
        {
            environment.Done();
            return new ContextProvider { Environment = new EnvironmentContext() };
        }

        if (reader.Mapping("preferences") is { } preferences)
        {
            preferences.Done();
            return new ContextProvider { Preferences = new PreferencesContext() };
        }

        return new ContextProvider();
    }

    private static RepositoryContext Repository(MapReader reader, Problems problems)
    {
        var repository = new RepositoryContext { Folder = reader.RequiredText("folder", "the name of a folder") };
        if (reader.Whole("changes", 0, ContextRules.MostChanges) is { } changes)
        {
            repository.Changes = (int)changes;
        }

        if (Flags.Read(reader, "symbols", problems) is { } symbols)
        {
            repository.Symbols = symbols;
        }

        reader.Done();
        return repository;
    }
}
