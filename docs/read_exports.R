# Reads exports of Sijill in R, with the right types.
#
#   sijill export --format csv --with tolls --out exports/
#   sijill export --format parquet --out exports/incidents.parquet
#   sijill export --format gpkg --out exports/incidents.gpkg
#   Rscript docs/read_exports.R exports/
#
# Needs readr, dplyr, tidyr and jsonlite; arrow for Parquet, sf for GeoPackage.

suppressPackageStartupMessages({
  library(readr)
  library(dplyr)
  library(jsonlite)
})

folder <- commandArgs(trailingOnly = TRUE)[1]
if (is.na(folder)) folder <- "."

# The description says which type each column has; readr drops the byte order mark.
types <- c(string = "c", integer = "i", number = "d", date = "D", boolean = "l")

read_resource <- function(description, name) {
  resources <- fromJSON(description, simplifyVector = FALSE)$resources
  resource <- Filter(function(one) one$name == name, resources)[[1]]
  kinds <- vapply(resource$schema$fields, function(field) types[[field$type]], "")
  read_csv(
    file.path(dirname(description), resource$path),
    col_types = paste(kinds, collapse = ""),
    na = ""
  )
}

incidents <- read_resource(file.path(folder, "datapackage.json"), "incidents")

# Empty is 'not told', never zero: na.rm leaves out what nobody told, and says so.
incidents |>
  group_by(admin1_name) |>
  summarise(
    incidents = n(),
    killed = sum(killed_best, na.rm = TRUE),
    not_told = sum(is.na(killed_best)),
    reviewed = sum(reviewed)
  ) |>
  arrange(desc(killed)) |>
  print()

# Several values in one cell are divided by "; ".
incidents |>
  mutate(actor = strsplit(actors, "; ", fixed = TRUE)) |>
  tidyr::unnest(actor) |>
  count(actor, sort = TRUE) |>
  print()

parquet <- file.path(folder, "incidents.parquet")
if (file.exists(parquet) && requireNamespace("arrow", quietly = TRUE)) {
  print(arrow::read_parquet(parquet))
}

gpkg <- file.path(folder, "incidents.gpkg")
if (file.exists(gpkg) && requireNamespace("sf", quietly = TRUE)) {
  print(sf::st_read(gpkg, layer = "incidents", quiet = TRUE))
}
