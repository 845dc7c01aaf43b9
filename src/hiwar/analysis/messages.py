"""Every message about a file: what happened, and what to do."""

from __future__ import annotations

from hiwar.analysis.language import gettext_noop as _

MESSAGES: dict[str, tuple[str, str]] = {
    "not_found": (
        _("there is no such file or folder."),
        _("Check the path and its spelling."),
    ),
    "unreadable": (
        _("it cannot be read ({reason})."),
        _("Check the permissions and that the disk is connected."),
    ),
    "no_votes_in_folder": (
        _("the folder holds no votes."),
        _(
            "It needs a file whose name ends with votes.csv, participants-votes.csv or "
            "votes.parquet (.gz is fine)."
        ),
    ),
    "several_conversations": (
        _("the folder holds the votes of {count} conversations: {names}."),
        _("Name the file of one of them: {command}"),
    ),
    "several_in_file": (
        _("the column “{name}” says that the votes of {count} conversations stand in this file."),
        _("Keep the lines of one of them."),
    ),
    "ruined_ids": (
        _(
            "identifiers that a spreadsheet program has shortened: {count}, such as “{value}”. "
            "Different people run together in them."
        ),
        _("Take the original file; whoever opens it must set the column to text before saving."),
    ),
    "ruined_id": (
        _(
            "a spreadsheet program has shortened the identifier “{value}”. Different people run "
            "together in it."
        ),
        _("Take the original file; whoever opens it must set the column to text before saving."),
    ),
    "zero_or_one": (
        _("all votes are 0 or 1, and 0 may mean disagree, pass or not asked."),
        _(
            "Say what it means: write a file with the lines “kind,name,means”, “answer,1,agree” "
            "and “answer,0,disagree”, and add --map FILE."
        ),
    ),
    "zero_or_one_column": (
        _("the column “{name}” holds only 0 and 1, and 0 may mean disagree, pass or not chosen."),
        _(
            "Say what it means: write a file with the lines “kind,name,means”, “answer,1,agree” "
            "and “answer,0,disagree”, and add --map FILE."
        ),
    ),
    "scale": (
        _("answers are numbers of a scale ({found}), and nothing says which of them agree."),
        _(
            "Say what they mean: write a file with the line “kind,name,means” and lines such as "
            "“answer,5,agree”, “answer,3,pass”, “answer,1,disagree”, and add --map FILE."
        ),
    ),
    "unknown_answer": (
        _("“{value}” is no known answer."),
        _(
            "Say what it means: write a file with the lines “kind,name,means” and "
            "“answer,{value},pass” (or agree, disagree, missing), and add --map FILE."
        ),
    ),
    "bad_map": (
        _("“{value}” says nothing that a file of --map can say."),
        _(
            "Lines are “column,TITLE,participant” (or statement, vote, time, ignore) and "
            "“answer,WORD,agree” (or pass, disagree, missing)."
        ),
    ),
    "empty_file": (
        _("the file is empty (0 bytes)."),
        _("Export or copy it again."),
    ),
    "truncated_gzip": (
        _("the compressed file breaks off before its end."),
        _("It is incomplete: download or copy it again."),
    ),
    "corrupt_gzip": (
        _("the compressed file is damaged."),
        _("Download or copy it again."),
    ),
    "corrupt_parquet": (
        _("this is not a readable Parquet file ({reason})."),
        _("Export it again, or export CSV."),
    ),
    "no_parquet_reader": (
        _("Parquet is read by pyarrow, which is not installed here."),
        _("Install it beside Hiwar (pip install pyarrow), or export CSV."),
    ),
    "corrupt_sheet": (
        _("this is no spreadsheet that can be read."),
        _("Open it in the program that wrote it and save it as XLSX or as “CSV UTF-8”."),
    ),
    "sheet_locked": (
        _("the spreadsheet is protected by a password."),
        _("Save a copy without a password."),
    ),
    "sheet_too_large": (
        _("the spreadsheet is too large."),
        _("Save the sheet with the votes alone, as “CSV UTF-8”."),
    ),
    "several_sheets": (
        _("it has {count} sheets with content: {names}."),
        _("Name the one with the votes: --sheet {sheet}"),
    ),
    "sheet_unknown": (
        _("it has no sheet “{name}” with content; its sheets are {names}."),
        _("Name one of them with --sheet."),
    ),
    "empty_sheet": (
        _("no sheet that is shown has content."),
        _("Check that this is the right file."),
    ),
    "too_large": (
        _("it holds more than {limit} GB once it is uncompressed."),
        _("Export the votes as Parquet, or check that this is the right file."),
    ),
    "utf16": (
        _("the text is encoded as UTF-16."),
        _("Save the file as “CSV UTF-8” in the spreadsheet program."),
    ),
    "cp1256": (
        _("the text is encoded as Windows Arabic (cp1256), not as UTF-8."),
        _(
            "Save the file as “CSV UTF-8”, "
            "or convert it with: iconv -f WINDOWS-1256 -t UTF-8 FILE > NEW"
        ),
    ),
    "not_utf8": (
        _("a byte here is not UTF-8 text."),
        _("Save the file as “CSV UTF-8” in the program that wrote it."),
    ),
    "nul_byte": (
        _("there is a NUL byte, which no text contains."),
        _("The file is damaged or is not CSV: export it again."),
    ),
    "malformed": (
        _("a quotation mark is not closed or stands in the wrong place."),
        _('Put a text in double quotes and write a quotation mark inside it twice ("").'),
    ),
    "no_header": (
        _("the file has no header line."),
        _("The first line must name the columns."),
    ),
    "unknown_form": (
        _("the columns are not those of a vote file: {found}."),
        _(
            "Hiwar reads one line for each vote (participant, statement, vote and, if known, "
            "time), a participants-votes table, or a survey sheet with one line for each person "
            "and the statements as titles; for other titles and answers add --map FILE."
        ),
    ),
    "missing_column": (
        _("the column “{name}” is missing."),
        _("Add it to the header and to every line."),
    ),
    "duplicate_column": (
        _("the column “{name}” stands in the header twice."),
        _("Keep one of the two."),
    ),
    "repeated_header": (
        _("the header stands in the file a second time."),
        _("Remove this line; several files may have been joined."),
    ),
    "ragged_row": (
        _("fields in this line: {found}; in the header: {expected}."),
        _("Look for a missing or an extra separator, or a text without quotation marks."),
    ),
    "no_rows": (
        _("there is a header and nothing below it."),
        _("Export the file again; at least one vote is needed."),
    ),
    "bad_vote": (
        _("the vote is “{value}”."),
        _(
            "A vote is 1 (agree), 0 (pass) or -1 (disagree), or a word for it. For other answers "
            "add --map FILE with the lines “kind,name,means” and “answer,{value},pass”."
        ),
    ),
    "bad_matrix_vote": (
        _("the vote is “{value}”."),
        _(
            "A vote is 1 (agree), 0 (pass), -1 (disagree) or a word for it, and empty where nobody "
            "voted. For other answers add --map FILE with the lines “kind,name,means” and "
            "“answer,{value},pass”."
        ),
    ),
    "empty_id": (
        _("the identifier in the column “{name}” is empty."),
        _("Give every line an identifier."),
    ),
    "bad_number": (
        _("“{value}” in the column “{name}” is not a number that fits here."),
        _("Correct the value."),
    ),
    "bad_time": (
        _("“{value}” is not a time."),
        _("Write 2027-02-17T10:00:23, or seconds or milliseconds since 1970."),
    ),
    "duplicate_participant": (
        _("participant “{id}” stands in the file twice, first in line {first}."),
        _("Keep one line for each participant."),
    ),
    "duplicate_statement": (
        _("statement “{id}” stands in the file twice, first in line {first}."),
        _("Keep one line for each statement."),
    ),
    "statements_of_others": (
        _("not one statement with votes is listed here; the first is “{id}”."),
        _("Check that the files belong to the same conversation."),
    ),
    "bad_moderated": (
        _("“{value}” is no decision of moderation."),
        _("Write -1 or rejected, 0 or pending (not yet seen), 1 or accepted."),
    ),
    "bad_flag": (
        _("“{value}” in the column “{name}” is neither yes nor no."),
        _("Write 1 for yes and 0 for no."),
    ),
    "sign_reversed": (
        _("agree and disagree look exchanged: the votes fit the counts with the signs reversed."),
        _(
            "Hiwar reads 1 as agree. Add --signs reverse if 1 means disagree in this file, "
            "or --signs keep if the votes are right and the counts are not."
        ),
    ),
    "count_differs": (
        _("votes of 1 by participant “{id}”: {found}, but n-agree says {expected}."),
        _("The file is damaged or was edited: export it again."),
    ),
    "unknown_meta": (
        _("there is no statement “{id}” to be marked as being about the participant."),
        _("Correct the list of --meta or meta.csv."),
    ),
    "no_attributes": (
        _("there is no column beside the participant."),
        _("Add a column for each attribute, such as sector or district."),
    ),
    "no_match": (
        _("not one participant of this file has voted."),
        _("Check that the identifiers are those of the vote file."),
    ),
    "bad_weight": (
        _("“{value}” is not a weight."),
        _("A weight is a number above 0."),
    ),
    "weight_missing": (
        _("participants who voted and have no weight: {count}, the first is “{id}”."),
        _("Give every participant a weight."),
    ),
    "bad_share": (
        _("“{value}” is not a share."),
        _("A share is a number above 0, such as 0.52 or 52."),
    ),
    "share_sum": (
        _("the shares of “{name}” add up to {value}."),
        _("They must add up to 1, or to 100 when they are percentages."),
    ),
    "target_without_attributes": (
        _("the targets need to know who belongs to which category."),
        _("Add --attributes FILE."),
    ),
    "unknown_attribute": (
        _("there is no attribute “{name}” in the file of --attributes."),
        _("Correct the name, or add the column there."),
    ),
    "category_without_target": (
        _("the category “{category}” of “{name}” has no target share."),
        _("Add a line for it."),
    ),
    "category_without_people": (
        _("nobody who voted belongs to the category “{category}” of “{name}”."),
        _("Remove the line or join it with another category; nobody can stand in for it."),
    ),
    "weights_failed": (
        _("the weights cannot be made ({reason})."),
        _("Join small categories or use fewer attributes."),
    ),
    "folder_not_ours": (
        _("the folder holds “{name}”, which Hiwar did not write."),
        _("Choose a new folder, or an empty one, or a report that is to be replaced."),
    ),
    "not_a_folder": (
        _("this is a file; the report needs a folder."),
        _("Choose another name."),
    ),
    "is_a_folder": (
        _("this is a folder; the document needs a file name."),
        _("Choose another name."),
    ),
    "people_in_report": (
        _("the file with a line for each person would stand in the folder of the report."),
        _("Choose a place outside it: the report may be published, this file may not."),
    ),
    "cannot_write": (
        _("it cannot be written ({reason})."),
        _("Nothing was left half-written. Make room or choose another place, then run again."),
    ),
}
