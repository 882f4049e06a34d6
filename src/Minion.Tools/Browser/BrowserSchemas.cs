namespace Minion.Tools.Browser;

/// <summary>JSON Schemas that several tools of the browser have.</summary>
internal static class BrowserSchemas
{
    /// <summary>Of <see cref="PageView"/>.</summary>
    public const string Page =
        """
        {
          "type": "object",
          "properties": {
            "url": { "type": "string" },
            "title": { "type": "string" },
            "snapshot": { "type": "string" },
            "truncated": { "type": "boolean" },
            "status": { "type": "integer" },
            "notes": { "type": "array", "items": { "type": "string" } }
          },
          "required": ["url", "title", "snapshot", "truncated", "notes"],
          "additionalProperties": false
        }
        """;

    /// <summary>The members that name an element: role and accessible name.</summary>
    public const string Target =
        """
        "role": { "enum": ["alert", "article", "button", "cell", "checkbox", "columnheader", "combobox", "dialog", "form", "gridcell", "group",
          "heading", "img", "link", "list", "listbox", "listitem", "main", "menu", "menuitem", "menuitemcheckbox", "menuitemradio", "navigation",
          "option", "paragraph", "progressbar", "radio", "radiogroup", "region", "row", "rowheader", "search", "searchbox", "slider", "spinbutton",
          "switch", "tab", "table", "tabpanel", "textbox", "toolbar", "tree", "treeitem"] },
        "name": { "type": "string", "minLength": 1, "maxLength": 500 },
        "exact": { "type": "boolean" },
        "nth": { "type": "integer", "minimum": 1, "maximum": 1000 }
        """;
}
