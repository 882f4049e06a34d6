namespace Minion.Models.Money;

/// <summary>The prices and limits of the models that are asked: those of the definition, else those of the catalog.</summary>
internal sealed class PriceList(ModelCatalog catalog)
{
    /// <summary>What an answer may have, in tokens, when nobody said.</summary>
    public const long UnknownMaxOutput = 4096;

    /// <summary>The price; null when nobody said.</summary>
    public ModelPrice? Of(ModelDefinition definition) => definition.Price ?? Known(definition)?.Price;

    /// <summary>The longest answer, in tokens.</summary>
    public long MaxOutput(ModelDefinition definition) => definition.MaxOutput ?? Known(definition)?.MaxOutput ?? UnknownMaxOutput;

    private CatalogModel? Known(ModelDefinition definition) => catalog.Current.Find($"{definition.Provider}/{definition.Model}");
}
